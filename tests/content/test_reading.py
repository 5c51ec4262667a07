"""Cards of listings: newest first, in parts, with all a card shows."""

import datetime as dt

import pytest

from blog.content import reading, whole
from blog.content.models import CreditRole, Person, Tag
from blog.content.shapes import Card, Topic
from blog.lib.db import db
from tests.building import FUTURE, PAST, article, category, person, question, save
from tests.counting import questions_asked
from tests.journal import publish_journal, publish_many

pytestmark = pytest.mark.usefixtures("app")


def slugs(cards: list[Card]) -> list[str]:
    return [card.slug for card in cards]


def related(slug: str, size: int = 3) -> list[str]:
    found = whole.live_article(slug)
    assert found
    return slugs(reading.related_articles(found, size))


def test_a_card_holds_what_a_listing_shows() -> None:
    publish_journal()
    card = next(card for card in reading.all_articles.part(9) if card.slug == "sleep-and-memory")
    assert card[:6] == (
        "sleep-and-memory",
        "Sleep and memory",
        "What a night does.",
        PAST,
        "Ann Example",
        Topic("sleep", "Sleep", "/categories/sleep"),
    )
    assert card.path == "/articles/sleep-and-memory"
    assert card.cover
    assert (card.cover.picture.width, card.cover.picture.height) == (900, 600)


def test_authors_stand_in_their_order_without_the_reviewers() -> None:
    people = [Person(slug=name.lower(), name=name) for name in ("Zoe", "Ann", "Ben")]
    save(article("A", authors=people[:2], reviewers=people[2:]), article("B"))
    assert [card.byline for card in reading.all_articles.part(9)] == ["", "Zoe, Ann"]


def test_a_listing_is_read_in_parts_newest_first_and_of_one_moment_the_one_added_last() -> None:
    for name in ("C", "A", "B"):
        save(article(name))
    save(article("Old", published_at=PAST - dt.timedelta(1)))
    save(article("Draft", published_at=None), article("Later", published_at=FUTURE))
    assert slugs(reading.all_articles.part(3)) == ["b", "a", "c"]
    assert slugs(reading.all_articles.part(3, 2)) == ["c", "old"]
    assert reading.all_articles.count() == 4


def test_each_listing_holds_its_own() -> None:
    ann, asked, sleep = Person(slug="ann", name="Ann"), question(), category("Sleep")
    save(
        article("One", category=sleep, tags=["t"], authors=[ann], questions=[asked]),
        article("Two", reviewers=[ann]),
        article("Draft", category=sleep, authors=[ann], questions=[asked], published_at=None),
    )
    theirs = reading.articles_by_person
    one = whole.live_article("one")
    assert one
    assert slugs(reading.articles_in_category.part(9, category=sleep.id)) == ["one"]
    assert reading.articles_in_category.count(category=sleep.id) == 1
    tag = db.session.query(Tag).one().id
    assert slugs(reading.articles_with_tag.part(9, tag=tag)) == ["one"]
    assert slugs(reading.articles_with_question.part(9, question=asked.id)) == ["one"]
    assert slugs(theirs.part(9, person=ann.id, role=CreditRole.AUTHOR)) == ["one"]
    assert slugs(theirs.part(9, person=ann.id, role=CreditRole.REVIEWER)) == ["two"]
    assert slugs(reading.latest_beside(one, 9)) == ["two"]


def test_every_category_gives_its_newest() -> None:
    publish_many(3)
    save(article("Heart", category=category("Heart")), article("Loose"))
    save(article("Hidden", category=category("Hidden"), published_at=None))
    found = reading.newest_of_categories.all(size=2)
    assert slugs(found) == ["heart", "number-1", "number-2"]


def test_related_articles_share_tags_and_a_shared_category_counts_as_one() -> None:
    sleep, heart = category("Sleep"), category("Heart")
    save(
        article("This", category=sleep, tags=["a"]),
        article("Draft", category=sleep, published_at=None),
        article("Elsewhere", category=heart),
        article("Beside", category=sleep, published_at=PAST - dt.timedelta(days=2)),
    )
    assert related("this") == ["beside"]


def test_the_closest_articles_come_first_and_the_newer_of_equals() -> None:
    save(article("This", category=category("Sleep"), tags=["one", "two", "three"]))
    tags = {tag.slug: tag for tag in db.session.query(Tag)}
    old = PAST - dt.timedelta(days=1)
    for title, names, place, at in (
        ("Two tags", ("one", "two"), None, PAST),
        ("All tags", ("one", "two", "three"), None, old),
        ("One and category", ("one",), "Sleep", old),
        ("Category", (), "Sleep", PAST),
        ("One tag old", ("one",), None, old),
    ):
        row = article(title, published_at=at, category=category(place) if place else None)
        row.tags = [tags[name] for name in names]
        save(row)
    assert related("this", 9) == ["all-tags", "two-tags", "one-and-category", "category", "one-tag-old"]
    assert related("this", 2) == ["all-tags", "two-tags"]


def test_the_number_of_questions_does_not_grow_with_a_listing() -> None:
    publish_many(1)
    with questions_asked() as few:
        reading.all_articles.part(9)
        reading.newest_of_categories.all(size=3)
    save(*(article(name, category=category(name), authors=[person(name)]) for name in ("A", "B")))
    with questions_asked() as many:
        reading.all_articles.part(9)
        reading.newest_of_categories.all(size=3)
    assert (len(few), len(many)) == (2, 2)
