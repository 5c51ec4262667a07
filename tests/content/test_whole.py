"""Whole articles: everything a page shows, in order, in a number of questions that does not grow."""

import datetime as dt

import pytest

from blog.content import whole
from blog.content.models import Correction, Person, Reference
from blog.content.shapes import Contributor, Corrected, Topic
from blog.lib.clock import held_at
from tests.building import FUTURE, PAST, article, category, question, save
from tests.counting import questions_asked

pytestmark = pytest.mark.usefixtures("app")


def save_whole(title: str) -> None:
    name = title.lower()
    people = [Person(slug=f"{name}-{who}", name=who, credentials="MD") for who in ("zoe", "ann", "ben")]
    save(
        article(
            title,
            authors=people[:2],
            reviewers=people[2:],
            questions=[question(f"{title} second?"), question(f"{title} first?")],
            tags=[f"{name}-b", f"{name}-a"],
            category=category("Sleep"),
            references=[Reference(position=n, title=f"{title} {n}") for n in range(2)],
            corrections=[Correction(position=0, date=dt.date(2025, 3, 1), note=title)],
        )
    )


def test_an_article_comes_with_its_parts_in_their_order() -> None:
    save_whole("Other")
    save_whole("This")
    found = whole.live_article("this")
    assert found
    assert found.contributors == [
        Contributor("author", "this-zoe", "zoe", "MD"),
        Contributor("author", "this-ann", "ann", "MD"),
        Contributor("reviewer", "this-ben", "ben", "MD"),
    ]
    assert [person.name for person in found.authors] == ["zoe", "ann"]
    assert [person.name for person in found.reviewers] == ["ben"]
    assert [row.slug for row in found.questions] == ["this-second", "this-first"]
    assert [tag.slug for tag in found.tags] == ["this-a", "this-b"]
    assert [(row.position, row.title) for row in found.references] == [(1, "This 0"), (2, "This 1")]
    assert found.corrections == [Corrected(dt.date(2025, 3, 1), "This")]
    assert found.category == Topic("sleep", "Sleep", "/categories/sleep")


def test_an_article_without_anything_around_it_is_whole_too() -> None:
    save(article("Bare"))
    found = whole.live_article("bare")
    assert found
    around = (found.contributors, found.questions, found.tags, found.references, found.corrections)
    assert (around, found.category, found.cover) == (([], [], [], [], []), None, None)


@pytest.mark.parametrize("published", [None, FUTURE])
def test_hidden_articles_are_not_read(published: dt.datetime | None) -> None:
    save(article("A", published_at=published))
    assert (whole.live_article("a"), whole.newest_articles(9)) == (None, [])
    assert whole.live_article("unknown") is None


def test_the_newest_of_a_feed_keep_their_own_parts() -> None:
    for title in ("One", "Two", "Three"):
        save_whole(title)
    found = whole.newest_articles(2)
    assert [(row.slug, [tag.slug for tag in row.tags]) for row in found] == [
        ("three", ["three-a", "three-b"]),
        ("two", ["two-a", "two-b"]),
    ]


def test_three_whole_articles_cost_as_many_questions_as_one() -> None:
    save_whole("One")
    with questions_asked() as few:
        whole.newest_articles(9)
    save_whole("Two")
    save_whole("Three")
    with questions_asked() as many:
        assert len(whole.newest_articles(9)) == 3
    assert (len(few), len(many)) == (6, 6)


def test_the_last_change_is_the_later_of_published_and_updated() -> None:
    save(article("A"), article("B", updated_at=PAST + dt.timedelta(1)), article("C", updated_at=FUTURE))
    changed = {row.slug: row.last_changed_at for row in whole.newest_articles(9)}
    assert changed == {"a": PAST, "b": PAST + dt.timedelta(1), "c": PAST}


def test_a_review_is_overdue_after_its_day() -> None:
    save(article("A", next_review_on=dt.date(2030, 1, 2)), article("B"))
    other, row = whole.newest_articles(9)
    for day, overdue in ((2, False), (3, True)):
        with held_at(dt.datetime(2030, 1, day, 23, tzinfo=dt.UTC)):
            assert (row.review_overdue, other.review_overdue) == (overdue, False)


@pytest.mark.parametrize(("words", "minutes"), [(0, 1), (100, 1), (440, 2), (1100, 5)])
def test_reading_takes_a_minute_for_every_220_words_and_at_least_one(words: int, minutes: int) -> None:
    save(article("A", body="word " * words))
    (row,) = whole.newest_articles(1)
    assert (row.words, row.reading_minutes) == (words, minutes)


def test_a_change_that_is_only_planned_is_not_shown_before_its_day() -> None:
    save(article("Soon", updated_at=FUTURE))
    found = whole.live_article("soon")
    assert found
    assert (found.updated_at, found.last_changed_at) == (None, PAST)
