"""Content for tests: real rows, rendered as the importer renders them."""

from datetime import UTC, datetime
from typing import Any

from blog.content.models import (
    Article,
    ArticleQuestion,
    Category,
    Credit,
    CreditRole,
    Page,
    Person,
    Question,
    Tag,
)
from blog.content.rendering import render_article, render_page, render_person, render_question
from blog.lib.db import db, write
from blog.lib.markdown import Picture
from blog.lib.slugs import slug_from

PAST = datetime(2025, 2, 7, 9, tzinfo=UTC)
FUTURE = datetime(2199, 1, 1, tzinfo=UTC)


def no_pictures(_address: str) -> Picture | None:
    """Find no picture at any address."""
    return None


def save(*rows: Any) -> None:
    """Write rows through the one door."""
    with write() as session:
        session.add_all(rows)


def category(name: str = "Sleep") -> Category:
    """Return the category with this name, made if need be."""
    found = db.session.query(Category).filter_by(slug=slug_from(name)).one_or_none()
    return found or Category(slug=slug_from(name), name=name)


def tag(name: str) -> Tag:
    """Return the tag with this name, made if need be."""
    found = db.session.query(Tag).filter_by(slug=slug_from(name)).one_or_none()
    return found or Tag(slug=slug_from(name), name=name)


def person(name: str = "Ann Example", **fields: Any) -> Person:
    """Return a person who was introduced by the team."""
    made = Person(slug=slug_from(name), name=name, introduced=True, links=[], **fields)
    made.body = fields.get("body", "")
    render_person(made, no_pictures)
    return made


def article(title: str = "Sleep and memory", **fields: Any) -> Article:
    """Return a live article; authors, reviewers, questions and tags are given as lists."""
    authors, reviewers = fields.pop("authors", []), fields.pop("reviewers", [])
    questions, tags = fields.pop("questions", []), fields.pop("tags", [])
    fields.setdefault("published_at", PAST)
    fields.setdefault("slug", slug_from(title))
    made = Article(title=title, **{"body": "", "tldr": "", "summary": ""} | fields)
    made.credits = [
        Credit(person=who, role=role, position=place)
        for role, people in ((CreditRole.AUTHOR, authors), (CreditRole.REVIEWER, reviewers))
        for place, who in enumerate(people)
    ]
    made.question_places = [
        ArticleQuestion(question=row, position=place) for place, row in enumerate(questions)
    ]
    made.tags = [tag(name) for name in tags]
    render_article(made, no_pictures)
    return made


def question(
    text: str = "How much sleep is enough?", answer: str = "Seven hours.", **fields: Any
) -> Question:
    """Return a question that no article uses yet."""
    made = Question(slug=slug_from(text), question=text, answer=answer, **fields)
    render_question(made, no_pictures)
    return made


def page(title: str = "About", body: str = "Who we are.") -> Page:
    """Return a page."""
    made = Page(slug=slug_from(title), title=title, body=body)
    render_page(made, no_pictures)
    return made
