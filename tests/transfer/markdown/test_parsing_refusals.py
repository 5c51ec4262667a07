"""What is wrong in a field is noted with its line."""

from zoneinfo import ZoneInfo

import pytest

from blog.lib.frontmatter import take_apart
from blog.transfer.items import ArticleItem
from blog.transfer.markdown.parsing import Draft, parse
from tests.transfer.folders import ABOUT

BERLIN = ZoneInfo("Europe/Berlin")


def draft_of(path: str, text: str) -> Draft:
    return parse(path, take_apart(text.encode()), BERLIN)


def problems_of(path: str, text: str) -> list[tuple[int, str]]:
    return [(problem.line, str(problem)) for problem in draft_of(path, text).problems]


FIELDS = "title, slug, category, tags, authors, reviewers, published, updated, reviewed, next_review, summary, tldr"
MORE = "cover, cover_alt, redirect_from, references, corrections, disclosure, making, faq"


@pytest.mark.parametrize(
    ("front", "line", "reason"),
    [
        ("summary: x", 2, "The title is missing."),
        ("title:", 2, "The title is missing."),
        ("title: [a, b]", 2, "The field “title” must be a text, not a list."),
        (f"title: {'x' * 201}", 2, "The title has 201 characters; at most 200 are allowed."),
        ("title: A\ncolour: red", 3, f"There is no field “colour”; known are {FIELDS}, {MORE}."),
        (
            "title: A\nslug: a b",
            3,
            "“a b” cannot be an address; write letters and digits joined by single hyphens, at most 80.",
        ),
        ("title: A\ncategory: [Sleep, Food]", 3, "There can be only one category."),
        (
            "title: A\ntags:\n  - ok\n  - '!'",
            5,
            "“!” is no name: write letters or digits, at most 120 characters.",
        ),
        ("title: A\ntags:\n  - {a: b}", 4, "An entry of “tags” must be a text."),
        (
            "title: A\npublished: 2025-02-30",
            3,
            "The published “2025-02-30” is not a date; write 2025-02-07 or 2025-02-07T09:00:00+00:00.",
        ),
        (
            "title: A\nreviewed: soon",
            3,
            "The reviewed “soon” is not a date; write 2025-02-07 or 2025-02-07T09:00:00+00:00.",
        ),
        (
            "title: A\nupdated: 0001-01-01T00:00:00+14:00",
            3,
            "The updated “0001-01-01T00:00:00+14:00” is not a date; write 2025-02-07 or "
            "2025-02-07T09:00:00+00:00.",
        ),
        (
            "title: A\ncover: images/a.jpg",
            3,
            "The cover needs cover_alt: what the picture shows, in words.",
        ),
        (
            "title: A\nredirect_from:\n  - /a\n  - b",
            5,
            "An old address is a path such as /post/sleep; “b” is not.",
        ),
        (
            "title: A\nreferences: none",
            3,
            f"An entry of “references” must have fields: {'title, authors, source, year, doi, pmid, url'}.",
        ),
        ("title: A\nreferences:\n  - {year: 2020}", 4, "The title is missing."),
        (
            "title: A\nreferences:\n  - {title: B, year: 20}",
            4,
            "The year “20” is none between 1000 and 2100.",
        ),
        (
            "title: A\nreferences:\n  - title: B\n    doi: 11.1/x",
            5,
            "The doi “11.1/x” is none; a DOI looks like 10.3390/nu12010001.",
        ),
        (
            "title: A\nreferences:\n  - {title: B, pmid: PMC1}",
            4,
            "The pmid “PMC1” is not a number of PubMed.",
        ),
        (
            'title: A\nreferences:\n  - {title: B, url: "javascript:alert(1)"}',
            4,
            "The url “javascript:alert(1)” is not an address; it starts with https:// or http://.",
        ),
        ("title: A\ncorrections:\n  - {note: B}", 4, "A correction needs a date and a note."),
        (
            "title: A\nfaq:\n  - question: Why?",
            4,
            "An entry of “faq” needs a question and an answer, or “use” and a slug.",
        ),
        ('title: A\nfaq:\n  - use: " "', 4, "“use” needs a slug."),
        ('title: A\nfaq:\n  - use: "\\xa0"', 4, "“use” needs a slug."),
        ('title: "\\u200b"', 2, "The title is missing."),
        ('title: "\\xa0"\nslug: a', 2, "The title is missing."),
        ('title: "\\u3164"\nslug: a', 2, "The title is missing."),
        ('title: A\nreferences:\n  - title: "\\xa0"', 4, "The title is missing."),
        (
            'title: A\ncover: images/a.jpg\ncover_alt: "\\xa0"',
            3,
            "The cover needs cover_alt: what the picture shows, in words.",
        ),
        (
            'title: A\nfaq:\n  - {question: "\\xa0", answer: B}',
            4,
            "An entry of “faq” needs a question and an answer, or “use” and a slug.",
        ),
        ("title: A\nredirect_from: [/]", 3, "/ cannot be an old address: the site needs it itself."),
        (
            "title: A\nredirect_from: [/newsletter/signup/]",
            3,
            "/newsletter/signup cannot be an old address: the site needs it itself.",
        ),
        (f"title: A\n{'x' * 500}: B", 3, f"There is no field “{'x' * 60}”; known are {FIELDS}, {MORE}."),
        ("title: A\nfaq:\n  - {use: b, answer: c}", 4, "An entry with “use” has no other field."),
        (
            "title: A\nfaq:\n  - {question: Q?, answer: B}\n  - {question: Q?, answer: B}",
            5,
            "This question is in the article twice.",
        ),
    ],
)
def test_what_is_wrong_with_an_article_is_noted_with_its_line(front: str, line: int, reason: str) -> None:
    assert problems_of("articles/x.md", f"---\n{front}\n---\nText.\n") == [(line, reason)]


@pytest.mark.parametrize(
    ("path", "text", "line", "reason"),
    [
        ("people/x.md", "---\nrole: Editor\n---\n", 2, "The name is missing."),
        ("people/x.md", '---\nname: "\\u200b\\xa0"\n---\n', 2, "The name is missing."),
        ("questions/x.md", '---\nquestion: "\\u2060"\n---\nA.\n', 2, "The question is missing."),
        (
            "questions/x.md",
            "---\nquestion: Why?\n---\n\xa0\n",
            2,
            "The answer is missing; it is the text below the front matter.",
        ),
        (
            "people/x.md",
            "---\nname: A\norcid: 0000-0002-1825-0098\n---\n",
            3,
            "The orcid “0000-0002-1825-0098” is none; one looks like 0000-0002-1825-0097.",
        ),
        (
            "people/x.md",
            "---\nname: A\nlinks:\n  - {title: B, url: /c}\n---\n",
            4,
            "The url “/c” is not an address; it starts with https://, http:// or mailto:.",
        ),
        ("people/x.md", "---\nname: A\nlinks:\n  - {title: B}\n---\n", 4, "A link needs a url."),
        (
            "pages/About us.md",
            ABOUT,
            1,
            "The file's name is its address, and “About us” cannot be an address; write letters and digits "
            "joined by single hyphens, at most 80.",
        ),
        ("pages/x.md", "---\ntitle: A\nslug: b\n---\n", 3, "There is no field “slug”; known are title."),
        (
            "questions/x.md",
            "---\nquestion: Why?\n---\n",
            2,
            "The answer is missing; it is the text below the front matter.",
        ),
    ],
)
def test_what_is_wrong_with_other_files_is_noted_too(path: str, text: str, line: int, reason: str) -> None:
    assert problems_of(path, text) == [(line, reason)]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("published", "2200-12-31T23:59:59-12:00"),
        ("published", "1000-01-01T00:00:00+14:00"),
        ("published", "1000-01-01"),
        ("updated", "1000-01-01T00:00"),
        ("next_review", "2200-12-31T23:59:59-12:00"),
        ("next_review", "2200-12-31T23:30:00+00:00"),
        ("reviewed", "1000-01-01T00:00:00+14:00"),
    ],
)
def test_a_date_that_another_zone_moves_out_of_the_known_years_is_refused(name: str, written: str) -> None:
    reason = f"The {name} “{written}” is not a date; write 2025-02-07 or 2025-02-07T09:00:00+00:00."
    assert problems_of("articles/x.md", f"---\ntitle: A\n{name}: {written}\n---\n") == [(3, reason)]


@pytest.mark.parametrize("written", ["2200-12-31T23:59:59+00:00", "1000-01-01T00:00:00+00:00"])
def test_the_first_and_the_last_moment_are_taken(written: str) -> None:
    draft = draft_of("articles/x.md", f"---\ntitle: A\npublished: {written}\n---\n")
    assert draft.problems == []
    assert isinstance(draft.item, ArticleItem)
    assert draft.item.published is not None
    assert draft.item.published.isoformat() == written
