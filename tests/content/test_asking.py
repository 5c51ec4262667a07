"""Questions of an article: in their order, shared, and forgotten when nobody asks them."""

from flask import Flask
from sqlalchemy import select

from blog.content.asking import forget_unused, set_questions
from blog.content.models import Article, ArticleQuestion, Question
from blog.lib.db import db, write


def question(slug: str, **fields: bool) -> Question:
    return Question(slug=slug, question=f"{slug}?", answer="So.", **fields)


def test_an_article_answers_its_questions_in_order(app: Flask) -> None:
    first, second, third = question("a"), question("b"), question("c")
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add(article)
        set_questions(article, [first, second])
        session.flush()
        set_questions(article, [third, second, first])
    places = select(ArticleQuestion.position, Question.slug).join(Question).order_by(ArticleQuestion.position)
    assert db.session.execute(places).all() == [(0, "c"), (1, "b"), (2, "a")]


def test_only_what_nobody_asks_is_forgotten(app: Flask) -> None:
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add_all([article, question("alone", stands_alone=True), question("unused"), question("kept")])
        set_questions(article, [question("asked")])
    with write():
        forget_unused({"alone", "unused", "asked"})
    assert db.session.scalars(select(Question.slug).order_by(Question.slug)).all() == [
        "alone",
        "asked",
        "kept",
    ]
