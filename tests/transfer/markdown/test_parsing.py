"""Fields become typed, tidy values."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from blog.lib.frontmatter import take_apart
from blog.lib.sheets import Named
from blog.transfer.items import (
    ArticleItem,
    Ask,
    CorrectionItem,
    LinkItem,
    PageItem,
    PersonItem,
    QuestionItem,
    ReferenceItem,
    Use,
)
from blog.transfer.markdown.parsing import Draft, is_orcid, parse
from tests.transfer.folders import ABOUT, ANN, BOOKING, SLEEP

BERLIN = ZoneInfo("Europe/Berlin")


def draft_of(path: str, text: str) -> Draft:
    return parse(path, take_apart(text.encode()), BERLIN)


def article_of(front: str) -> ArticleItem:
    item = draft_of("articles/x.md", f"---\ntitle: Sleep\n{front}\n---\nText.\n").item
    assert isinstance(item, ArticleItem)
    return item


def test_an_article_with_everything_is_read() -> None:
    draft = draft_of("articles/sleep-and-memory.md", SLEEP)
    assert draft.problems == []
    assert draft.item == ArticleItem(
        slug="sleep-and-memory",
        title="Sleep and memory",
        category=Named("mental-health", "Mental Health"),
        tags=(Named("memory", "memory"), Named("sleep", "sleep")),
        authors=(Named("ann-example", "ann-example"), Named("ben-writer", "Ben Writer")),
        reviewers=(Named("cy-reviewer", "Cy Reviewer"),),
        published=dt.datetime(2025, 2, 7, 9, tzinfo=dt.UTC),
        updated=dt.datetime(2025, 2, 7, 23, tzinfo=dt.UTC),
        reviewed=dt.date(2025, 2, 8),
        next_review=dt.date(2026, 2, 8),
        summary="One sentence.",
        tldr="- Sleep *well*.",
        cover="images/sleep.jpg",
        cover_alt="A person asleep by a window",
        references=(ReferenceItem("A study", "A. One", "Brain Sci.", 2025, "10.3390/x1"),),
        corrections=(CorrectionItem(dt.date(2025, 3, 1), "A number was wrong."),),
        disclosure="None.",
        making="By hand.",
        body=SLEEP.split("---\n")[2].strip(),
        questions=(
            Ask("How much sleep is enough?", "Seven hours. See [diary](diary.md#why).", "how-much-sleep"),
            Use("can-i-nap"),
        ),
    )


def test_people_pages_and_questions_are_known_by_their_file_names() -> None:
    assert draft_of("people/ann-example.md", ANN).item == PersonItem(
        slug="ann-example",
        name="Ann Example",
        credentials="MD",
        role="Editor",
        photo="images/ann.png",
        orcid="0000-0002-1825-0097",
        links=(LinkItem("Home", "https://ann.example.org/"),),
        body="Ann edits. Read [her article](../articles/sleep-and-memory.md).",
    )
    about = PageItem("about", "About us", "We are [doctors](../people/ann-example.md).")
    assert draft_of("pages/about.md", ABOUT).item == about
    assert draft_of("questions/booking.md", BOOKING).item == QuestionItem(
        slug="booking",
        question="How do I book?",
        answer="Call us.",
        category=Named("practice", "Practice"),
        published=dt.datetime(2024, 12, 31, 23, tzinfo=dt.UTC),
    )


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-07-01", dt.datetime(2025, 6, 30, 22, tzinfo=dt.UTC)),
        ("2025-7-1", dt.datetime(2025, 6, 30, 22, tzinfo=dt.UTC)),
        ("2025-07-01T09:00:00Z", dt.datetime(2025, 7, 1, 9, tzinfo=dt.UTC)),
        ("2025-07-01 09:00", dt.datetime(2025, 7, 1, 7, tzinfo=dt.UTC)),
        ("2025-07-01 09:00:00.25 +02:00", dt.datetime(2025, 7, 1, 7, 0, 0, 250000, tzinfo=dt.UTC)),
        ('"2025-07-01T09:00:00-0530"', dt.datetime(2025, 7, 1, 14, 30, tzinfo=dt.UTC)),
    ],
)
def test_moments_are_read_in_the_zone_of_the_site(written: str, moment: dt.datetime) -> None:
    assert article_of(f"published: {written}").published == moment


def test_numbers_and_words_of_yaml_stay_text() -> None:
    item = article_of(
        "slug: 123\ntags: [2025, no]\nreferences:\n  - {title: 1984, year: 1949, pmid: 12345, doi: 10.1000/182}"
    )
    assert item.slug == "123"
    assert item.tags == (Named("2025", "2025"), Named("no", "no"))
    assert [tag.name for tag in item.tags] == ["2025", "no"]
    assert item.references == (ReferenceItem("1984", year=1949, doi="10.1000/182", pmid="12345"),)


def test_texts_of_one_line_are_tidied_and_hard_spaces_stay() -> None:
    item = draft_of("articles/x.md", '---\ntitle: "  5 mg\n  a  day "\n---\n').item
    assert isinstance(item, ArticleItem)
    assert item.title == "5 mg a day"


@pytest.mark.parametrize(
    "written", ["10.1/x", "https://doi.org/10.1/x", "doi:10.1/x", "http://dx.doi.org/10.1/x"]
)
def test_a_doi_is_kept_bare(written: str) -> None:
    item = article_of(f'references:\n  - {{title: A, doi: "{written}"}}')
    assert item.references == (ReferenceItem("A", doi="10.1/x"),)


def test_an_address_is_made_from_the_title_else_from_the_file() -> None:
    item = draft_of("articles/dreams.md", "---\ntitle: “…?”\n---\n").item
    assert isinstance(item, ArticleItem)
    assert item.slug == "dreams"


def test_an_orcid_needs_the_right_check_digit() -> None:
    assert [is_orcid(text) for text in ("0000-0002-1825-0097", "0000-0002-1694-233X")] == [True, True]
    assert [is_orcid(text) for text in ("0000-0002-1825-0098", "0000000218250097", "")] == [
        False,
        False,
        False,
    ]


def test_a_review_that_is_due_before_the_last_one_is_only_odd() -> None:
    draft = draft_of("articles/x.md", "---\ntitle: A\nreviewed: 2025-02-08\nnext_review: 2025-02-08\n---\n")
    assert draft.problems == []
    assert [(odd.line, str(odd)) for odd in draft.advice] == [
        (4, "The next review is not after the last one.")
    ]
