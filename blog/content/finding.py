"""What of the content can be found by searching."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from blog.lib.fulltext import Document, index

from .models import Article, Category, Credit, Person, Question, Reference, Tag, article_tag

ARTICLE, ANSWER = 0, 1
"""The numbers of the kinds in the index."""


def declare_searchable() -> None:
    """Tell the index what of the content can be found, and by whose change that changes."""
    index.searchable(Article, ARTICLE, _article_documents)
    index.searchable(Question, ANSWER, _answer_documents)
    index.part(Reference, Article, lambda _, row: (row.article_id,))
    index.part(Credit, Article, lambda _, row: (row.article_id,))
    index.part(Person, Article, lambda session, row: _articles_crediting(session, row.id))
    index.part(Category, Article, lambda session, row: _articles_in(session, row.id))
    index.part(Tag, Article, lambda session, row: _articles_tagged(session, row.id))
    index.keep()


def _articles_crediting(session: Session, person_id: int) -> Iterable[int]:
    return session.scalars(select(Credit.article_id).where(Credit.person_id == person_id)).all()


def _articles_in(session: Session, category_id: int) -> Iterable[int]:
    return session.scalars(select(Article.id).where(Article.category_id == category_id)).all()


def _articles_tagged(session: Session, tag_id: int) -> Iterable[int]:
    return session.scalars(select(article_tag.c.article_id).where(article_tag.c.tag_id == tag_id)).all()


def _article_documents(session: Session, ids: list[int]) -> Iterator[tuple[int, Document]]:
    """Title; summary, TL;DR and text; category, tags, people and sources."""
    more = _names_and_sources(session, ids)
    columns = (Article.id, Article.title, Article.summary, Article.text)
    for row in session.execute(select(*columns).where(Article.id.in_(ids)).order_by(Article.id)):
        body = f"{row.summary} {row.text}".strip()
        yield row.id, Document(row.title, body, " · ".join(more[row.id]))


def _names_and_sources(session: Session, ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for query in (
        select(Article.id, Category.name).join(Category).where(Article.id.in_(ids)),
        select(article_tag.c.article_id, Tag.name)
        .join(Tag)
        .where(article_tag.c.article_id.in_(ids))
        .order_by(Tag.slug),
        select(Credit.article_id, Person.name)
        .join(Person)
        .where(Credit.article_id.in_(ids))
        .order_by(Credit.role, Credit.position),
        select(Reference.article_id, Reference.authors + " " + Reference.title + " " + Reference.source)
        .where(Reference.article_id.in_(ids))
        .order_by(Reference.position),
    ):
        for article_id, words in session.execute(query):
            found[article_id].append(" ".join(words.split()))
    return found


def _answer_documents(session: Session, ids: list[int]) -> Iterator[tuple[int, Document]]:
    query = select(Question.id, Question.question, Question.answer_text).where(Question.id.in_(ids))
    for row in session.execute(query.order_by(Question.id)):
        yield row.id, Document(row.question, row.answer_text)
