"""What rows carry of others is what those say, whatever was changed and by whom."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import flask_migrate
import pytest
from sqlalchemy import text

from blog.content.carrying import moments_of, questions
from blog.content.models import Article, ArticleQuestion, Credit, Person, Question, Tag, article_tag
from blog.lib.db import db, write
from blog.lib.migrating import upgrade_database
from blog.search.queries import find
from tests.building import FUTURE, PAST, article, category, question, save

pytestmark = pytest.mark.usefixtures("app")

LATER = PAST + dt.timedelta(days=1)


def carried() -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that is carried, as it stands in the database."""
    db.session.rollback()
    return {
        table: [
            tuple(row) for row in db.session.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1, 2"))
        ]
        for table, columns in (
            ("article_tag", "article_id, tag_id, published_at"),
            ("credit", "article_id, person_id, published_at"),
            ("question", "slug, shown_from, listed_category_id, listed_from"),
        )
    }


def made_anew() -> dict[str, list[tuple[Any, ...]]]:
    """Return what should be carried, worked out from all rows at once."""
    with write() as session:
        for table in ("article_tag", "credit"):
            session.execute(text(moments_of(table, "true")))
        session.execute(text(questions("true")))
    return carried()


def named(model: Any, slug: str) -> Any:
    return db.session.query(model).filter_by(slug=slug).one()


def write_some() -> None:
    ann, shared = Person(slug="ann", name="Ann"), question("Shared?")
    sleep, heart = category("Sleep"), category("Heart")
    save(
        article("One", tags=["a", "b"], authors=[ann], questions=[shared], category=sleep),
        article("Two", published_at=LATER, questions=[shared, question("Own?")], category=heart),
        article("Loose", published_at=PAST - dt.timedelta(1), questions=[shared], reviewers=[ann]),
        article("Draft", published_at=None, questions=[question("Hidden?")], category=sleep),
        question("Alone?", stands_alone=True, published_at=PAST),
        question("Later?", stands_alone=True, published_at=FUTURE, category=heart),
        question("Nobody's?"),
    )


def test_tags_and_credits_carry_when_their_article_appears() -> None:
    write_some()
    assert set(db.session.query(article_tag.c.published_at)) == {(PAST,)}
    assert set(db.session.query(Credit.published_at)) == {(PAST,), (PAST - dt.timedelta(1),)}


def test_a_question_carries_when_and_where_it_is_shown() -> None:
    write_some()
    rows = db.session.query(
        Question.slug, Question.shown_from, Question.listed_category_id, Question.listed_from
    )
    sleep, heart = category("Sleep").id, category("Heart").id
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        "shared": (PAST - dt.timedelta(1), sleep, PAST),
        "own": (LATER, heart, LATER),
        "hidden": (None, None, None),
        "alone": (PAST, None, None),
        "later": (FUTURE, heart, FUTURE),
        "nobodys": (None, None, None),
    }


CHANGES: dict[str, Callable[[], object]] = {
    "published": lambda: setattr(named(Article, "draft"), "published_at", PAST),
    "taken back": lambda: setattr(named(Article, "one"), "published_at", None),
    "moved in time": lambda: setattr(named(Article, "two"), "published_at", PAST - dt.timedelta(9)),
    "moved to a category": lambda: setattr(named(Article, "loose"), "category_id", category("Heart").id),
    "out of its category": lambda: setattr(named(Article, "one"), "category_id", None),
    "article deleted": lambda: db.session.execute(text("DELETE FROM article WHERE slug = 'one'")),
    "tagged": lambda: db.session.execute(
        article_tag.insert().values(article_id=named(Article, "two").id, tag_id=named(Tag, "a").id)
    ),
    "credit moved": lambda: db.session.execute(
        text("UPDATE credit SET article_id = (SELECT id FROM article WHERE slug = 'two')")
    ),
    "question used": lambda: db.session.add(
        ArticleQuestion(
            article_id=named(Article, "one").id, question_id=named(Question, "nobodys").id, position=9
        )
    ),
    "question no more used": lambda: db.session.execute(
        text("DELETE FROM article_question WHERE position = 0")
    ),
    "another question used": lambda: db.session.execute(
        text("UPDATE article_question SET question_id = 5 WHERE question_id = 2")
    ),
    "question alone": lambda: setattr(named(Question, "later"), "published_at", PAST),
    "question not alone": lambda: setattr(named(Question, "alone"), "stands_alone", False),
    "question sorted": lambda: setattr(named(Question, "shared"), "category_id", category("Heart").id),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_the_same_is_carried_as_if_made_anew(change: Callable[[], object]) -> None:
    write_some()
    before = carried()
    with write():
        change()
    after = carried()
    assert after != before
    assert after == made_anew()


def test_a_database_of_before_comes_to_carry_the_same_and_to_find_the_same() -> None:
    write_some()
    before, found = carried(), [find(words, 1) for words in ("one", "two", "alone", "hidden")]
    db.session.rollback()
    flask_migrate.downgrade(revision="0002")
    upgrade_database()
    assert carried() == before == made_anew()
    assert [find(words, 1) for words in ("one", "two", "alone", "hidden")] == found
