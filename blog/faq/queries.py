"""The questions of one page of the FAQ."""

from typing import Any, NamedTuple

from sqlalchemy import BindParameter, bindparam, func, select

from blog.content import queries
from blog.content.finding import ANSWER
from blog.content.links import without_hidden_links
from blog.content.models import Category, Question
from blog.content.shapes import Answered, Topic
from blog.lib.fulltext import KINDS, match_expression, matching, rowid
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


_SHOWN = (Question.id, Question.slug, Question.question, Question.answer_html, Question.answer_text)
_first: BindParameter[int] = bindparam("first", type_=Question.id.type)
_match: BindParameter[str] = bindparam("match")


def _answered(*columns: Any) -> Answered:
    row_id, slug, question, answer_html, answer_text, category_slug, category_name = columns
    topic = Topic.category(category_slug, category_name)
    return Answered(row_id, slug, question, "", without_hidden_links(answer_html), answer_text, topic)


def _on_page(*, narrowed: bool) -> Prepared[tuple[Answered, Size]]:
    """Prepare one page, each question with the size of the whole: all public questions, or those that match."""
    order = (Question.question, Question.slug)
    every = (
        select(Question.id, Category.slug.label("category_slug"), Category.name.label("category_name"))
        .add_columns(func.row_number().over(partition_by=Category.id, order_by=order).label("place"))
        .outerjoin(Category, Category.id == queries.listed_category())
        .where(queries.is_public_question())
    )
    if narrowed:
        every = every.where((Question.id * KINDS + ANSWER).in_(select(rowid).where(matching(_match))))
    rows = every.cte("ranked")
    sizes = (select(func.max(rows.c.place)), select(func.count()).select_from(rows))
    return Prepared(
        select(
            *_SHOWN, rows.c.category_slug, rows.c.category_name, *(size.scalar_subquery() for size in sizes)
        )
        .join(rows, rows.c.id == Question.id)
        .where(rows.c.place > _first, rows.c.place <= _first + PER_CATEGORY)
        .order_by(rows.c.category_name.is_(None), rows.c.category_name, rows.c.category_slug, rows.c.place),
        lambda *columns: (_answered(*columns[:-2]), Size(*columns[-2:])),
    )


_every, _narrowed = _on_page(narrowed=False), _on_page(narrowed=True)


def on_page(typed: str, page: int) -> tuple[list[Answered], Size]:
    """Return the questions of one page by category, the page-th twenty of each, and the size of the whole.

    Only questions that match what was typed count; all do where nothing was. Past the last page there is
    nothing, and the size is none.
    """
    match, first = match_expression(typed), (page - 1) * PER_CATEGORY
    rows = _narrowed.all(match=match, first=first) if match else _every.all(first=first)
    return [question for question, _ in rows], rows[0][1] if rows else Size(0, 0)


_listed = (
    select(*_SHOWN, Category.slug, Category.name)
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(queries.is_public_question())
)
_one = Prepared(_listed.where(Question.slug == bindparam("slug")), _answered)
_siblings = Prepared(
    _listed.where(Category.slug == bindparam("category"), Question.id != bindparam("question"))
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
