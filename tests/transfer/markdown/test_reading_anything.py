"""Whatever a file holds, reading it ends in an item or in a refusal, never in an error."""

from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.lib.frontmatter import RefusedAt, take_apart
from blog.transfer.markdown.parsing import ARTICLE_FIELDS, PERSON_FIELDS, QUESTION_FIELDS
from blog.transfer.markdown.printing import print_document
from blog.transfer.markdown.reading import read_folder
from blog.transfer.outcomes import quiet
from tests.transfer.folders import put

_TEXTS = st.text(max_size=20) | st.sampled_from(
    [
        "2025-02-31",
        "99999-01-01",
        "0000-00-00",
        "[a](b.md)",
        "![](/images/",
        "a/../b",
        "10.",
        "null",
        "http://[",
        "%",
    ]
)
_ENTRIES = st.lists(
    st.dictionaries(
        st.sampled_from(
            ["title", "url", "doi", "year", "pmid", "date", "note", "question", "answer", "slug", "use"]
        ),
        _TEXTS,
        min_size=1,
        max_size=4,
    ),
    max_size=3,
)
_FIELDS = st.dictionaries(
    st.sampled_from([*ARTICLE_FIELDS, *PERSON_FIELDS, *QUESTION_FIELDS]), _TEXTS | _ENTRIES, max_size=6
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text("ab:-[]{}&*!|>'\"#%,? \n\t", max_size=60).map(str.encode))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for whole in (data, b"---\n" + data, b"---\n" + data + b"\n---\n", b"---\ntitle: A\n---\n" + data):
        with suppress(RefusedAt):
            take_apart(whole)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(_FIELDS, st.sampled_from(["articles", "people", "pages", "questions"]), _TEXTS)
def test_any_fields_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, fields: dict[str, Any], kind: str, body: str
) -> None:
    folder: Path = tmp_path_factory.mktemp("hostile")
    put(folder, {f"{kind}/x.md": print_document(fields, body)})
    reading = read_folder(folder, ZoneInfo("UTC"), quiet)
    refused = {refusal.path for refusal in reading.refusals}
    assert refused ^ set(reading.items) == {f"{kind}/x.md"}
