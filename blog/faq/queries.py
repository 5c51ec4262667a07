"""The questions of one page of the FAQ."""

from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, exists, func, null, select, union, union_all
from sqlalchemy.orm import aliased

from blog.content import queries
from blog.content.finding import ANSWER
from blog.content.links import without_hidden_links
from blog.content.models import Category, Question
from blog.content.shapes import Answered, Topic
from blog.lib.db import this_moment
from blog.lib.edition import per_edition
from blog.lib.fulltext import ALL, TITLES, found_id, match_expression, newest_matches, typed_words
from blog.lib.prepared import Prepared

PER_CATEGORY = 20
MOST = 200
"""So many questions that match what was typed are listed, besides those that match by their own words."""


class Size(NamedTuple):
    """How many questions the largest category has, and how many there are in all."""

    largest: int
    total: int

    @property
    def pages(self) -> int:
        """Return how many pages that takes: page N shows the Nth twenty of each category."""
        return max(1, -(-self.largest // PER_CATEGORY))


_SHOWN = (Question.id, Question.slug, Question.question, Question.answer_html, Question.answer_text)
_ORDER = (Question.question, Question.id)
_first: BindParameter[int] = bindparam("first", type_=Question.id.type)
_match: BindParameter[str] = bindparam("match")


def _answered(*columns: Any) -> Answered:
    row_id, slug, question, answer_html, answer_text, category_slug, category_name = columns
    topic = Topic.category(category_slug, category_name)
    return Answered(row_id, slug, question, "", without_hidden_links(answer_html), answer_text, topic)


_row = aliased(Question)
_public = select(_row.id, _row.question).where(queries.is_public_question(_row))
_of_category = (
    _public.with_only_columns(_row.id)
    .where(_row.listed_category_id == Category.id, _row.listed_from <= this_moment())
    .order_by(_row.question, _row.id)
    .limit(PER_CATEGORY)
    .offset(_first)
    .correlate(Category)
)
# Two lists, since no index knows the order of both: without a category for ever, or until later.
_without = union_all(
    _public.where(_row.listed_category_id.is_(None)), _public.where(_row.listed_from > this_moment())
).order_by("question", "id")
_of_none = _without.limit(PER_CATEGORY).offset(_first).subquery()
_NAMED = (Category.slug.label("category_slug"), Category.name.label("category_name"))
_on_page = union_all(
    select(_row.id, *_NAMED).select_from(Category).join(_row, _row.id.in_(_of_category)),
    select(_of_none.c.id, null(), null()),
).subquery()


def _shown(rows: Any, *more: Any) -> Select[Any]:
    """Ask for the questions of a page, category by category."""
    order = (rows.c.category_name.is_(None), rows.c.category_name, rows.c.category_slug, *_ORDER)
    columns = (*_SHOWN, rows.c.category_slug, rows.c.category_name, *more)
    return select(*columns).join(rows, rows.c.id == Question.id).order_by(*order)


_every = Prepared(_shown(_on_page), _answered)
_sizes = Prepared(
    select(func.count()).where(queries.is_public_question()).group_by(queries.listed_category()), int
)


@per_edition
def _size() -> Size:
    """Return the size of the whole; counting walks an index of all questions."""
    counts = _sizes.all()
    return Size(max(counts, default=0), sum(counts))


def _found(among: str) -> Any:
    public = exists().where(Question.id == found_id(ANSWER, among), queries.is_public_question())
    found = newest_matches(_match, ANSWER, public, among=among).with_only_columns(found_id(ANSWER, among))
    return select(found.limit(MOST).subquery())


_matching = (
    select(Question.id, *_NAMED)
    .add_columns(func.row_number().over(partition_by=Category.id, order_by=_ORDER).label("place"))
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(Question.id.in_(union(_found(TITLES), _found(ALL))))
    .cte("matching")
)
_narrowed = Prepared(
    _shown(
        _matching,
        *(
            select(size).scalar_subquery()
            for size in (func.max(_matching.c.place), func.count(_matching.c.id))
        ),
    ).where(_matching.c.place > _first, _matching.c.place <= _first + PER_CATEGORY),
    lambda *columns: (_answered(*columns[:-2]), Size(*columns[-2:])),
)


_enough = Prepared(select(func.count()).select_from(_found(ALL).subquery()), int)


def _expression(words: list[str]) -> str:
    """Return what is looked for: what the last word only begins counts unless very many hold it as it stands."""
    whole, begun = (match_expression(words, whole=whole) for whole in (True, False))
    return whole if whole != begun and _enough.first(match=whole) == MOST else begun


def on_page(typed: str, page: int) -> tuple[list[Answered], Size]:
    """Return the questions of one page by category, the page-th twenty of each, and the size of the whole.

    Only questions that match what was typed count, the newest MOST of them; all do where nothing was.
    Past the last page there is nothing, and the size of what matches is none.
    """
    words, first = typed_words(typed), (page - 1) * PER_CATEGORY
    if not words:
        return _every.all(first=first), _size()
    rows = _narrowed.all(match=_expression(words), first=first)
    return [question for question, _ in rows], rows[0][1] if rows else Size(0, 0)


_listed = (
    select(*_SHOWN, Category.slug, Category.name)
    .outerjoin(Category, Category.id == queries.listed_category())
    .where(queries.is_public_question())
)
_one = Prepared(_listed.where(Question.slug == bindparam("slug")), _answered)
_siblings = Prepared(
    _listed.where(Category.slug == bindparam("category"), Question.id != bindparam("question"))
    .order_by(*_ORDER)
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
