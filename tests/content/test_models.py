"""Nouns: where readers find them, in which order their parts stand."""

import pytest
from sqlalchemy.exc import IntegrityError

from blog.content.models import Article, Category, Credit, CreditRole, Page, Person, Question, Tag
from blog.lib.db import db, write
from tests.building import article, page, person, question, save

pytestmark = pytest.mark.usefixtures("app")


def test_each_noun_knows_its_address() -> None:
    rows = (
        Article(slug="a"),
        Category(slug="c"),
        Tag(slug="t"),
        Person(slug="p"),
        Question(slug="q"),
        Page(slug="x"),
    )
    assert [row.path for row in rows] == [
        "/articles/a",
        "/categories/c",
        "/tags/t",
        "/people/p",
        "/faq/q",
        "/x",
    ]


@pytest.mark.parametrize(
    "make", [lambda: article("A"), lambda: page("A"), lambda: person("A"), lambda: question("A")]
)
def test_two_of_a_kind_cannot_have_one_slug(make: object) -> None:
    assert callable(make)
    save(make())
    with pytest.raises(IntegrityError), write() as session:
        session.add(make())


def test_a_person_has_each_part_in_an_article_once() -> None:
    ann = person("Ann")
    with pytest.raises(IntegrityError):
        save(article("A", authors=[ann, ann]))


def test_one_person_may_write_and_review() -> None:
    ann = person("Ann")
    save(article("A", authors=[ann], reviewers=[ann]))
    roles = [credit.role for credit in db.session.query(Credit).order_by(Credit.role)]
    assert roles == [CreditRole.AUTHOR, CreditRole.REVIEWER]


def test_an_article_lists_people_and_questions_in_order() -> None:
    people = [person(name) for name in ("Zoe", "Ann", "Ben")]
    asked = [question("B?"), question("A?")]
    row = article("A", authors=people[:2], reviewers=people[2:], questions=asked)
    assert (row.authors, row.reviewers, row.questions) == (people[:2], people[2:], asked)
    save(row)


def test_deleting_an_article_leaves_people_and_questions() -> None:
    save(article("A", authors=[person("Ann")], questions=[question("Q?")], tags=["t"]))
    with write() as session:
        session.delete(session.query(Article).one())
    left = {
        model.__name__: db.session.query(model).count() for model in (Article, Credit, Person, Question, Tag)
    }
    assert left == {"Article": 0, "Credit": 0, "Person": 1, "Question": 1, "Tag": 1}


def test_a_person_who_is_credited_cannot_be_deleted() -> None:
    save(article("A", authors=[person("Ann")]))
    with pytest.raises(IntegrityError), write() as session:
        session.delete(session.query(Person).one())
