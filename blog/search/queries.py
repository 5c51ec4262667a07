"""What a search finds: ranked, highlighted, and only what readers may see."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from markupsafe import Markup
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
from blog.lib.fulltext import (
    ALL,
    SPAN,
    TITLES,
    found_id,
    match_expression,
    matches,
    newest_matches,
    number,
    title,
    typed_words,
)
from blog.lib.prepared import Prepared

from .excerpts import Hits

PER_PAGE = 10

MOST = 200
"""So many articles, and so many answers, are ranked: words that stand in more texts say little of each."""

_match: BindParameter[str] = bindparam("match")
_numbers = select(func.json_each(bindparam("numbers")).table_valued("value").c.value)


def _public(kind: int, among: str) -> ColumnElement[bool]:
    row = found_id(kind, among)
    if kind == ARTICLE:
        return exists().where(Article.id == row, Article.is_live)
    return exists().where(Question.id == row, is_public_question())


def _newest(kind: int, among: str) -> Any:
    length = func.length(title(among)) if among == TITLES else literal_column("NULL")
    found = newest_matches(_match, kind, _public(kind, among), among=among).add_columns(
        length.label("length")
    )
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
        title(),
        literal_column("fulltext.body"),
    )
    .outerjoin(Article, Article.id == found_id(ARTICLE))
    .outerjoin(Question, Question.id == found_id(ANSWER))
    .where(number().in_(_numbers)),
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
    words = typed_words(typed)
    numbers = _best_first(words) if words else []
    asked = numbers[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not asked:
        return [], 0
    hits = Hits(words)
    shown = {row[0]: row for row in _shown.all(numbers=json.dumps(asked))}
    return [_hit(hits, *shown[row]) for row in asked], len(numbers)


def _best_first(words: list[str]) -> list[int]:
    """Return the numbers of the rows that are ranked, in order.

    Where very many hold the words as they stand, those that the last one only begins are not looked for.
    """
    for match in dict.fromkeys(match_expression(words, whole=whole) for whole in (True, False)):
        candidates = _candidates.all(match=match)
        found = [row for row, length in candidates if length is None]
        if max(Counter(row // SPAN for row in found).values(), default=0) >= MOST:
            titles = sorted((length, -row) for row, length in candidates if length is not None)
            titled = dict.fromkeys(-row for _, row in titles)
            return [*_in_turns(titled), *_in_turns(row for row in found if row not in titled)]
    # All that match are known, so they are few enough to be weighed against each other.
    return _ranked.all(match=match, numbers=json.dumps(found)) if found else []


def _in_turns(rows: Iterable[int]) -> Iterator[int]:
    """Let articles and answers take turns, since nothing says which are better."""
    kinds: dict[int, list[int]] = {ARTICLE: [], ANSWER: []}
    for row in rows:
        kinds[row // SPAN].append(row)
    return (row for pair in zip_longest(*kinds.values()) for row in pair if row is not None)


def _hit(hits: Hits, row: int, slug: str, published_at: datetime | None, title: str, body: str) -> Hit:
    article = row // SPAN == ARTICLE
    return Hit(
        kind="article" if article else "answer",
        path=f"/articles/{slug}" if article else f"/faq/{slug}",
        title_html=hits.marked(title),
        snippet_html=hits.excerpt(body),
        date=published_at,
    )
