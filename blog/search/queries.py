"""What a search finds: ranked, highlighted, and only what readers may see."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape
from sqlalchemy import (
    BindParameter,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    or_,
    select,
    union,
)

from blog.content.finding import ANSWER, ARTICLE
from blog.content.models import Article, Question
from blog.content.queries import is_public_question
from blog.lib.fulltext import KINDS, match_expression, matching, rowid
from blog.lib.prepared import Prepared

PER_PAGE = 10

_START, _END = "\x02", "\x03"
"""What FTS5 puts around a hit: characters that no text of ours holds, so hits and markup cannot be confused."""

MOST = 200
"""So many matches are ranked at most, besides those in titles: a word that stands in more texts says little."""

_match: BindParameter[str] = bindparam("match")
_titled: BindParameter[str] = bindparam("titled")
_kind, _row = rowid % KINDS, rowid // KINDS
_is_public = or_(
    and_(_kind == ARTICLE, exists().where(Article.id == _row, Article.is_live)),
    and_(_kind == ANSWER, exists().where(Question.id == _row, is_public_question())),
)


def _some(expression: BindParameter[str]) -> Subquery:
    found = select(rowid.label("number")).where(matching(expression), _is_public)
    return found.order_by(rowid.desc()).limit(MOST).subquery()


_candidate = union(select(_some(_titled)), select(_some(_match))).cte("candidate")
# The plus keeps SQLite from asking the index once per candidate.
_among = literal_column("+fulltext.rowid").in_(select(_candidate.c.number))
_found = (
    select(rowid.label("number"), literal_column("bm25(fulltext, 10.0, 1.0, 3.0)").label("rank"))
    .where(matching(_match), _among)
    .cte("found")
)
_page = (
    select(_found)
    .order_by(_found.c.rank, _found.c.number)
    .limit(bindparam("size"))
    .offset(bindparam("skip"))
    .cte("page")
)
# One more walk over all matches is cheaper than to start the search anew for each of ten.
_shown = (
    select(
        rowid.label("number"),
        literal_column(f"highlight(fulltext, 0, '{_START}', '{_END}')").label("title"),
        literal_column(f"snippet(fulltext, 1, '{_START}', '{_END}', '…', 32)").label("snippet"),
    )
    .where(matching(_match), literal_column("+fulltext.rowid").in_(select(_page.c.number)))
    .cte("shown")
)
_kind_shown, _row_shown = _page.c.number % KINDS, _page.c.number // KINDS
_hits = Prepared(
    select(
        _kind_shown,
        func.coalesce(Article.slug, Question.slug),
        Article.published_at,
        _shown.c.title,
        _shown.c.snippet,
        select(func.count()).select_from(_found).scalar_subquery(),
    )
    .select_from(_page)
    .join(_shown, _shown.c.number == _page.c.number)
    .outerjoin(Article, and_(_kind_shown == ARTICLE, Article.id == _row_shown))
    .outerjoin(Question, and_(_kind_shown == ANSWER, Question.id == _row_shown))
    .order_by(_page.c.rank, _page.c.number),
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
    rows = _hits.all(match=match, titled=f"{{title}} : ({match})", size=PER_PAGE, skip=(page - 1) * PER_PAGE)
    return [_hit(*row) for row in rows], rows[0][-1] if rows else 0


def _hit(kind: int, slug: str, published_at: datetime | None, title: str, snippet: str, _total: int) -> Hit:
    article = kind == ARTICLE
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
