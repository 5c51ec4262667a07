"""Which questions an article answers."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from blog.lib.db import db

from .models import Article, ArticleQuestion, Question


def set_questions(article: Article, questions: Sequence[Question]) -> None:
    """Let the article answer these questions, in this order."""
    there = {place.question: place for place in article.question_places}
    places = []
    for position, question in enumerate(questions):
        place = there.get(question) or ArticleQuestion(question=question)
        place.position = position
        places.append(place)
    article.question_places = places


def forget_unused(slugs: Collection[str]) -> None:
    """Delete those of these questions that neither stand alone nor belong to any article any more."""
    used = select(ArticleQuestion.question_id)
    unused = select(Question).where(Question.stands_alone.is_(False), Question.id.not_in(used))
    for question in db.session.scalars(unused):
        if question.slug in slugs:
            db.session.delete(question)
    db.session.flush()
