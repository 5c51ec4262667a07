"""What a search finds: ranked, highlighted, and only what readers may see."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    union_all,
)

from blog.content.finding import ANSWER, ARTICLE
from blog.content.models import Article, Question
from blog.content.queries import is_public_question
from blog.lib.fulltext import ALL, SPAN, TITLES, found_id, match_expression, matches, newest_matches, number, title
from blog.lib.prepared import Prepared

PER_PAGE = 10

_START, _END = "\x02", "\x03"
"""What FTS5 puts around a hit: characters that no text of ours holds, so hits and markup cannot be confused."""

MOST = 200
"""So many articles, and so many answers, are ranked: words that stand in more texts say little of each."""

_match: BindParameter[str] = bindparam("match")
_numbers: ColumnElement[int] = select(func.json_each(bindparam("numbers")).table_valued("value").c.value)


def _public(kind: int, among: str) -> ColumnElement[bool]:
    row = found_id(kind, among)
    if kind == ARTICLE:
        return exists().where(Article.id == row, Article.is_live)
    return exists().where(Question.id == row, is_public_question())


def _newest(kind: int, among: str) -> Any:
    length = func.length(title(among)) if among == TITLES else literal_column("NULL")
    found = newest_matches(_match, kind, _public(kind, among), among=among).add_columns(length.label("length"))
    return select(found.limit(MOST).subquery())


_candidates = Prepared(
    union_all(*(_newest(kind, among) for among in (ALL, TITLES) for kind in (ARTICLE, ANSWER))),
    lambda *columns: columns,
)
"""The newest that match, and the newest whose titles do: both bounded, however many there are."""
# The plus keeps SQLite from asking the index once for every number.
_ranked = Prepared(
    select(number())
    .where(matches(_match), literal_column("+fulltext.rowid").in_(_numbers))
    .order_by(literal_column("bm25(fulltext, 10.0, 1.0, 3.0)"), number().desc()),
    int,
)
_shown = Prepared(
    select(
        number(),
        func.coalesce(Article.slug, Question.slug),
        Article.published_at,
        literal_column(f"highlight(fulltext, 0, '{_START}', '{_END}')"),
        literal_column(f"snippet(fulltext, 1, '{_START}', '{_END}', '…', 32)"),
    )
    .outerjoin(Article, Article.id == found_id(ARTICLE))
    .outerjoin(Question, Question.id == found_id(ANSWER))
    .where(matches(_match), number().in_(_numbers)),
    lambda *columns: columns,
)


@dataclass(frozen=True)
class Hit:
    """One thing that was found."""

    kind: str
    """`article` or `answer`."""
    path: str
    title_html: Markup
    snippet_html: Markup
    date: datetime | None


def find(typed: str, page: int) -> tuple[list[Hit], int]:
    """Return one page of what matches, best first, and how many were ranked in all (0 past the last page).

    From MOST on there may be more that match; those were not ranked.
    """
    match = match_expression(typed)
    if match is None:
        return [], 0
    numbers = _best_first(match)
    asked = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not asked:
        return [], 0
    shown = {row[0]: row for row in _shown.all(match=match, numbers=json.dumps(asked))}
    return [_hit(*shown[number]) for number in asked], len(numbers)


def _best_first(match: str) -> list[int]:
    """Return the numbers of the rows that are ranked, in order."""
    candidates = _candidates.all(match=match)
    found = [number for number, length in candidates if length is None]
    kinds = Counter(number // SPAN for number in found)
    if max(kinds.values(), default=0) < MOST:
        # All that match are known, so they are few enough to be weighed against each other.
        return _ranked.all(match=match, numbers=json.dumps(found)) if found else []
    titled = dict(sorted(((row for row in candidates if row[1] is not None)), key=lambda row: (row[1], -row[0])))
    return [*_in_turns(titled), *_in_turns([number for number in found if number not in titled])]


def _in_turns(numbers: Iterable[int]) -> Iterator[int]:
    """Let articles and answers take turns, since nothing says which are better."""
    kinds: dict[int, list[int]] = {ARTICLE: [], ANSWER: []}
    for number in numbers:
        kinds[number // SPAN].append(number)
    return (number for pair in zip_longest(*kinds.values()) for number in pair if number is not None)


def _hit(number: int, slug: str, published_at: datetime | None, title: str, snippet: str) -> Hit:
    article = number // SPAN == ARTICLE
    return Hit(
        kind="article" if article else "answer",
        path=f"/articles/{slug}" if article else f"/faq/{slug}",
        title_html=_marked(title),
        snippet_html=_marked(snippet),
        date=published_at,
    )


def _marked(found: str) -> Markup:
    escaped = str(escape(found)).replace(_START, "<mark>").replace(_END, "</mark>")
    return Markup(escaped)  # noqa: S704 (escaped just before)
