"""The index follows every change; making it anew changes nothing."""

from typing import Any

import pytest
from sqlalchemy import text

from blog.content.models import Article, ArticleQuestion, Category, Credit, Person, Question, Reference, Tag
from blog.lib.db import db, write
from blog.lib.fulltext import SPAN, index
from tests.building import article, category, person, question, save
from tests.journal import publish_journal

pytestmark = pytest.mark.usefixtures("app")


def indexed() -> list[Any]:
    """Return what can be found; the index of titles holds the same titles."""
    rows = [
        tuple(row)
        for row in db.session.execute(text("SELECT rowid, title, body, more FROM fulltext ORDER BY rowid"))
    ]
    titles = db.session.execute(text("SELECT rowid, title FROM fulltext_title ORDER BY rowid"))
    assert [tuple(row) for row in titles] == [row[:2] for row in rows]
    return rows


def rebuilt() -> list[Any]:
    with write() as session:
        index.rebuild(session())
    return indexed()


def more_of_the_article() -> str:
    return str(db.session.execute(text(f"SELECT more FROM fulltext WHERE rowid < {SPAN}")).scalar_one())


def only(model: Any) -> Any:
    return db.session.query(model).one()


def whole() -> None:
    save(
        article(
            category=category("Sleep"),
            tags=["memory"],
            authors=[person("Ann")],
            reviewers=[person("Ben")],
            references=[Reference(position=0, title="A study", authors="One", source="Brain")],
        )
    )


def test_an_article_is_found_by_text_names_and_sources_an_answer_by_its_own_words() -> None:
    publish_journal()
    documents = {title: (body, more) for _, title, body, more in indexed()}
    assert documents["Sleep and memory"] == (
        "What a night does. Sleep helps. Why we sleep Sleep settles what the day brought, see the diary. "
        "How to sleep well Go to bed at one hour. A footnote.",
        "Sleep · memory · Ann Example · Ben Example · One A A study Brain · A leaflet",
    )
    assert documents["How much sleep is enough?"] == ("Seven hours. or more", "")


def test_making_the_index_anew_changes_nothing() -> None:
    publish_journal()
    before = indexed()
    assert len(before) == 4
    assert rebuilt() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda: setattr(only(Category), "name", "Rest"), "Rest · memory · Ann · Ben · One A study Brain"),
        (lambda: setattr(only(Tag), "name", "recall"), "Sleep · recall · Ann · Ben · One A study Brain"),
        (
            lambda: setattr(only(Reference), "title", "A trial"),
            "Sleep · memory · Ann · Ben · One A trial Brain",
        ),
        (lambda: db.session.delete(only(Reference)), "Sleep · memory · Ann · Ben"),
        (lambda: db.session.delete(only(Tag)), "Sleep · Ann · Ben · One A study Brain"),
        (lambda: setattr(only(Article), "category_id", None), "memory · Ann · Ben · One A study Brain"),
    ],
)
def test_a_change_around_an_article_changes_what_finds_it(change: Any, words: str) -> None:
    whole()
    with write():
        change()
    assert more_of_the_article() == words
    assert rebuilt() == indexed()


def test_a_person_with_another_name_is_found_by_it_and_so_are_their_articles() -> None:
    whole()
    with write() as session:
        session.query(Person).filter_by(slug="ann").one().name = "Ann Other"
        session.delete(session.query(Credit).join(Person).filter(Person.slug == "ben").one())
    assert more_of_the_article() == "Sleep · memory · Ann Other · One A study Brain"
    assert rebuilt() == indexed()


def test_a_changed_question_is_found_by_its_new_words_alone() -> None:
    save(question("Old?", "Before."))
    with write():
        row = only(Question)
        row.question, row.answer_text = "New?", "After."
    assert [row[1:] for row in indexed()] == [("New?", "After.", "")]


def test_what_is_deleted_is_found_no_more() -> None:
    save(article("A", questions=[question("Q?")], references=[Reference(position=0, title="R")]))
    with write() as session:
        session.delete(session.query(ArticleQuestion).one())
        session.flush()
        session.delete(only(Article))
        session.delete(only(Question))
    assert indexed() == rebuilt() == []


def change_and_fail() -> None:
    with write() as session:
        only(Article).title = "B"
        session.flush()
        _ = 1 / 0


def test_what_is_taken_back_before_the_end_leaves_no_trace() -> None:
    save(article("A"))
    before = indexed()
    with pytest.raises(ZeroDivisionError):
        change_and_fail()
    assert indexed() == before
