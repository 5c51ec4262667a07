"""One article as Markdown: what its page says, in the same order."""

import pytest
from flask.testing import FlaskClient

from tests.building import FUTURE, article, save
from tests.journal import BODY, SITE, publish_journal

WHOLE = f"""# Sleep and memory

What a night does.

By Ann Example, MD · Reviewed by Ben Example, PhD · Published 7 February 2025 · Updated 8 February 2025

<{SITE}/articles/sleep-and-memory>

## In short

Sleep *helps*.

{BODY.strip()}

## Questions and answers

### How much sleep is enough?

**Seven** hours.

- or more

## References

1. One A. A study. Brain. 2020. <https://doi.org/10.1/x>
2. A leaflet. <https://example.com/leaflet>

Last reviewed 20 February 2025

Next review 8 February 2199

## Corrections

- 1 March 2025: A number was wrong.

## Disclosure

No conflicts.

## How it was made

Written by hand.
"""


def test_the_whole_article_is_one_markdown_document(client: FlaskClient) -> None:
    publish_journal()
    answer = client.get("/articles/sleep-and-memory.md")
    assert (answer.status_code, answer.content_type) == (200, "text/markdown; charset=utf-8")
    assert answer.text == WHOLE


def test_a_bare_article_has_no_empty_parts(client: FlaskClient) -> None:
    save(article("Bare"))
    text = client.get("/articles/bare.md").text
    assert text == f"# Bare\n\nPublished 7 February 2025\n\n<{SITE}/articles/bare>\n"


def test_the_page_names_its_markdown(client: FlaskClient) -> None:
    publish_journal()
    link = '<link rel="alternate" type="text/markdown" href="/articles/sleep-and-memory.md">'
    assert link in client.get("/articles/sleep-and-memory").text


@pytest.mark.parametrize("published", [None, FUTURE])
def test_a_hidden_article_has_no_markdown(client: FlaskClient, published: object) -> None:
    save(article("Hidden", published_at=published))
    for path in ("/articles/hidden.md", "/articles/unknown.md", "/articles/.md", "/articles/hidden.md.md"):
        assert client.get(path).status_code == 404


def test_plain_fields_mean_themselves_in_markdown(client: FlaskClient) -> None:
    save(article("A *b* <script>", slug="a", summary="See [x](y) \\ `z`"))
    text = client.get("/articles/a.md").text
    assert text.startswith("# A \\*b\\* \\<script\\>\n\nSee \\[x\\](y) \\\\ \\`z\\`\n")
