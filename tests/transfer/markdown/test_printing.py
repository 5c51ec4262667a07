"""What is written is YAML that says the same when it is read."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.frontmatter import Entries, Fields, Scalar, Value, take_apart, tidy_text
from blog.lib.sheets import tidy_line
from blog.transfer.markdown.printing import Entry, print_document

letters = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\t :#-'\"|>[]{},&*!%@`\\")
)


FIELDS: Entry = {
    "title": "Sleep, and what it's for",
    "slug": None,
    "tags": ["sleep", "a, b"],
    "published": dt.datetime(2025, 2, 7, 9, tzinfo=dt.UTC),
    "reviewed": dt.date(2025, 2, 8),
    "summary": "Sleep: all of it",
    "tldr": "- one\n- two",
    "references": [{"title": "A study", "year": 2025, "doi": "10.1/x", "url": ""}],
    "faq": [{"question": "Why?", "answer": "So.\n\n    code"}],
}
PRINTED = (
    "---\n"
    "title: Sleep, and what it's for\n"
    'tags: [sleep, "a, b"]\n'
    "published: 2025-02-07T09:00:00+00:00\n"
    "reviewed: 2025-02-08\n"
    'summary: "Sleep: all of it"\n'
    "tldr: |\n"
    "  - one\n"
    "  - two\n"
    "references:\n"
    "  - title: A study\n"
    "    year: 2025\n"
    '    doi: "10.1/x"\n'
    "faq:\n"
    "  - question: Why?\n"
    "    answer: |\n"
    "      So.\n"
    "\n"
    "          code\n"
    "---\n"
    "Body.\n"
)


def plain(value: Value) -> object:
    if isinstance(value, Scalar):
        return value.text
    if isinstance(value, Entries):
        return [plain(entry) for entry in value.entries]
    assert isinstance(value, Fields)
    return {name: plain(entry) for name, entry in value.named.items()}


def read(fields: Entry, body: str = "") -> tuple[object, str]:
    document = take_apart(print_document(fields, body).encode())
    return plain(document.fields), document.body


def test_front_matter_reads_as_if_a_person_had_written_it() -> None:
    assert print_document(FIELDS, "Body.") == PRINTED


@settings(max_examples=150, deadline=None)
@given(letters, letters, letters)
def test_any_text_comes_back(first: str, second: str, body: str) -> None:
    line, block = tidy_line(first) or "x", tidy_text(second) or "x"
    fields: Entry = {
        "line": line,
        "block": block,
        "list": [line, "b"],
        "entries": [{"block": block, "line": line}, {"line": line}],
    }
    found, below = read(fields, tidy_text(body))
    assert isinstance(found, dict)
    blocks = [found.pop("block"), found["entries"][0].pop("block")]
    assert [tidy_text(text) for text in blocks] == [block, block]
    assert found == {"line": line, "list": [line, "b"], "entries": [{"line": line}, {"line": line}]}
    assert below == tidy_text(body)
