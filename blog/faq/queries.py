"""The questions of one page of the FAQ."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, text

from blog.content import queries
from blog.content.finding import ANSWER
from blog.content.models import Category, Question
from blog.content.shapes import Answered, Topic
from blog.lib.fulltext import KINDS, match_expression
from blog.lib.prepared import Prepared

PER_CATEGORY = 20


class Size(NamedTuple):
    """How many questions the largest category has, and how many there are in all."""

    largest: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages that takes: page N shows the Nth twenty of each category."""
        return max(1, -(-self.largest // PER_CATEGORY))


_all = (
    select(
        Question.id,
        Question.slug,
        Question.question,
        Question.answer_html,
        Category.slug.label("category_slug"),
        Category.name.label("category_name"),
        func.row_number()
        .over(partition_by=Category.id, order_by=(Question.question, Question.slug))
        .label("place"),
    )
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(queries.is_public_question())
)
_matching = text("SELECT rowid FROM fulltext WHERE fulltext MATCH :match").bindparams(bindparam("match"))
_first = bindparam("first", type_=Question.id.type)


def _answered(*columns: Any) -> Answered:
    row_id, slug, question, answer_html, category_slug, category_name = columns
    return Answered(row_id, slug, question, "", answer_html, Topic.category(category_slug, category_name))


class _Questions:
    """All public questions, or those that match."""

    def __init__(self, *, narrowed: bool) -> None:
        rows = (_all.where((Question.id * KINDS + ANSWER).in_(_matching)) if narrowed else _all).subquery()
        columns = [column for column in rows.c if column.name != "place"]
        order = (rows.c.category_name.is_(None), rows.c.category_name, rows.c.category_slug, rows.c.place)
        here = (rows.c.place > _first, rows.c.place <= _first + PER_CATEGORY)
        self.size = Prepared(select(func.coalesce(func.max(rows.c.place), 0), func.count()), Size)
        self.page = Prepared(select(*columns).where(*here).order_by(*order), _answered)


_every, _narrowed = _Questions(narrowed=False), _Questions(narrowed=True)


def size_of(typed: str) -> Size:
    """Return how many questions match what was typed; all do where nothing was."""
    match = match_expression(typed)
    return (_narrowed.size.first(match=match) if match else _every.size.first()) or Size(0, 0)


def on_page(typed: str, page: int) -> list[Answered]:
    """Return the questions of one page by category: the page-th twenty of each."""
    match, first = match_expression(typed), (page - 1) * PER_CATEGORY
    return _narrowed.page.all(match=match, first=first) if match else _every.page.all(first=first)


_one = Prepared(
    select(Question.id, Question.slug, Question.question, Question.answer_html, Category.slug, Category.name)
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(queries.is_public_question(), Question.slug == bindparam("slug")),
    _answered,
)
_siblings = Prepared(
    select(Question.id, Question.slug, Question.question, Question.answer_html, Category.slug, Category.name)
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(
        queries.is_public_question(),
        Category.slug == bindparam("category"),
        Question.id != bindparam("question"),
    )
    .order_by(Question.question, Question.slug)
    .limit(bindparam("most")),
    _answered,
)


def public_question(slug: str) -> Answered | None:
    """Return one question that readers may see."""
    return _one.first(slug=slug)


def related_questions(question: Answered, most: int) -> list[Answered]:
    """Return other public questions of its category."""
    if question.category is None:
        return []
    return _siblings.all(category=question.category.slug, question=question.id, most=most)
