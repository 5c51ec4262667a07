"""The one definition of what readers may see."""

import datetime as dt
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from blog.content.models import Article, Category, Person, Question, Tag
from blog.content.queries import (
    has_page,
    is_public,
    is_public_question,
    listed_category,
    page_links,
    shown_categories,
    shown_tag,
    tag_stands_on,
)
from blog.lib.clock import held_at
from blog.lib.db import db
from tests.building import FUTURE, PAST, article, category, page, person, question, save

pytestmark = pytest.mark.usefixtures("app")
LATER, EARLIER = PAST + dt.timedelta(days=1), PAST - dt.timedelta(days=1)


def public_questions() -> list[str]:
    return list(db.session.scalars(select(Question.slug).where(is_public_question()).order_by(Question.slug)))


@pytest.mark.parametrize("published", [None, PAST, FUTURE])
@pytest.mark.parametrize("moment", [EARLIER, PAST, LATER])
def test_python_and_sql_agree_on_what_is_live(published: dt.datetime | None, moment: dt.datetime) -> None:
    row = article("A", published_at=published)
    save(row)
    with held_at(moment):
        in_sql = db.session.scalars(select(Article).where(Article.is_live)).all()
        assert row.is_live == (in_sql == [row]) == (published == PAST and moment >= PAST)


@pytest.mark.parametrize(
    ("fields", "public"),
    [
        ({"stands_alone": True, "published_at": PAST}, True),
        ({"stands_alone": True, "published_at": FUTURE}, False),
        ({"stands_alone": True, "published_at": None}, False),
        ({"stands_alone": False, "published_at": PAST}, False),
    ],
)
def test_a_question_of_no_article_is_public_when_it_stands_alone_and_is_published(
    fields: dict[str, Any], public: bool
) -> None:
    save(question("Q?", **fields))
    assert public_questions() == (["q"] if public else [])


@pytest.mark.parametrize(
    "alone", [{}, {"stands_alone": True}, {"stands_alone": True, "published_at": FUTURE}]
)
@pytest.mark.parametrize(("published", "public"), [(PAST, True), (None, False), (FUTURE, False)])
def test_a_question_of_an_article_is_public_with_it(
    alone: dict[str, Any], published: dt.datetime | None, public: bool
) -> None:
    save(article("A", published_at=published, questions=[question("Q?", **alone)]))
    assert public_questions() == (["q"] if public else [])


def test_one_live_article_is_enough_to_make_a_shared_question_public() -> None:
    shared = question("Q?")
    save(article("Draft", published_at=None, questions=[shared]), article("Live", questions=[shared]))
    assert public_questions() == ["q"]


def test_only_categories_and_tags_with_live_articles_are_shown() -> None:
    save(
        article("A", category=category("Seen"), tags=["seen"]),
        article("B", category=category("Draft"), tags=["draft"], published_at=None),
        article("C", category=category("Later"), tags=["later"], published_at=FUTURE),
        category("Empty"),
        Tag(slug="empty", name="empty"),
    )
    assert [topic.slug for topic in shown_categories.all() if topic] == ["seen"]
    assert list(db.session.scalars(select(Tag.slug).where(tag_stands_on()))) == ["seen"]
    assert db.session.scalar(shown_tag("draft")) is None


def test_categories_and_pages_are_listed_by_name() -> None:
    save(
        *(article(name, category=category(name)) for name in ("Sleep", "Heart")),
        page("Privacy"),
        page("About"),
    )
    assert [topic.name for topic in shown_categories.all() if topic] == ["Heart", "Sleep"]
    assert page_links.all() == [("About", "/about"), ("Privacy", "/privacy")]


def test_people_have_a_page_when_introduced_or_credited_in_a_live_article() -> None:
    def named(slug: str) -> Person:
        return Person(slug=slug, name=slug)

    save(
        person("Introduced"),
        named("nobody"),
        article("A", authors=[named("author")], reviewers=[named("reviewer")]),
        article("B", authors=[named("hidden")], reviewers=[named("later")], published_at=FUTURE),
    )
    found = db.session.scalars(select(Person.slug).where(has_page()).order_by(Person.slug)).all()
    assert found == ["author", "introduced", "reviewer"]


def test_a_question_is_listed_under_its_own_category_else_that_of_its_oldest_live_article() -> None:
    own = question("Own?", category=category("Own"))
    lent, loose = question("Lent?"), question("Loose?", stands_alone=True, published_at=PAST)
    save(
        article("Old draft", category=category("Draft"), published_at=None, questions=[lent]),
        article("New", category=category("New"), published_at=LATER, questions=[lent, own]),
        article("Old", category=category("Old"), published_at=PAST, questions=[lent]),
        article("Oldest", published_at=EARLIER, questions=[lent, loose]),
    )
    rows = db.session.execute(
        select(Question.slug, Category.slug)
        .outerjoin(Category, Category.id == listed_category())
        .order_by(Question.slug)
    ).all()
    assert [tuple(row) for row in rows] == [("lent", "old"), ("loose", None), ("own", "own")]


@pytest.mark.parametrize(
    ("path", "public"),
    [
        *(("/articles/a", True), ("/articles/b", False), ("/articles/none", False), ("/articles", False)),
        *(("/faq/q", True), ("/faq/hidden", False), ("/people/ann", True), ("/people/none", False)),
        *(("/categories/sleep", True), ("/categories/hidden", False), ("/tags/t", True), ("/tags/h", False)),
        *(("/about", True), ("/nothing", False), ("/", False), ("", False), ("/search/a", False)),
        *(("/articles/a/b", False), ("/articles/a.md", False), ("//evil.example", False)),
    ],
)
def test_an_address_is_public_when_readers_find_something_there(path: str, public: bool) -> None:
    save(
        article(
            "A", questions=[question("Q?")], category=category("Sleep"), tags=["t"], authors=[person("Ann")]
        ),
        article(
            "B", questions=[question("Hidden?")], category=category("Hidden"), tags=["h"], published_at=None
        ),
        page("About"),
    )
    assert is_public(path) is public


def test_the_definition_holds_for_what_is_written_later(app: Flask) -> None:
    assert not is_public("/articles/a")
    save(article("A"))
    assert is_public("/articles/a")
