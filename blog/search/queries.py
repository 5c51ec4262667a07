"""What a search finds: ranked, highlighted, and only what readers may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape
from sqlalchemy import text

from blog.content.finding import ANSWER, ARTICLE
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.fulltext import KINDS, match_expression

PER_PAGE = 10

_START, _END = "\x02", "\x03"
"""What FTS5 puts around a hit: characters that no text of ours holds, so hits and markup cannot be confused."""

MOST = 300
"""So many matches are ranked at most, besides those in titles: a word that stands in more texts says little."""

_PUBLIC = f"""(
    (rowid % {KINDS} = {ARTICLE}
        AND EXISTS (SELECT 1 FROM article WHERE article.id = fulltext.rowid / {KINDS} AND published_at <= :now))
    OR (rowid % {KINDS} = {ANSWER} AND (
        EXISTS (SELECT 1 FROM question
            WHERE question.id = fulltext.rowid / {KINDS} AND stands_alone AND published_at <= :now)
        OR EXISTS (SELECT 1 FROM article_question JOIN article ON article.id = article_question.article_id
            WHERE article_question.question_id = fulltext.rowid / {KINDS} AND article.published_at <= :now))))"""  # noqa: S608 (constants only)
_SOME = "SELECT rowid AS number FROM fulltext WHERE fulltext MATCH {} AND {} ORDER BY rowid DESC LIMIT {}"
_PAGE = text(
    f"""
    WITH candidate AS MATERIALIZED (
        SELECT * FROM ({_SOME.format(":titled", _PUBLIC, MOST)})
        UNION SELECT * FROM ({_SOME.format(":match", _PUBLIC, MOST)})),
    found AS MATERIALIZED (
        SELECT rowid AS number, bm25(fulltext, 10.0, 1.0, 3.0) AS rank FROM fulltext
        WHERE fulltext MATCH :match AND +rowid IN candidate),
    page AS MATERIALIZED (SELECT * FROM found ORDER BY rank, number LIMIT :size OFFSET :skip)
    SELECT number % {KINDS} AS kind,
        coalesce(article.slug, question.slug) AS slug, article.published_at AS published_at,
        highlight(fulltext, 0, '{_START}', '{_END}') AS title,
        snippet(fulltext, 1, '{_START}', '{_END}', '…', 32) AS snippet,
        (SELECT count(*) FROM found) AS total
    FROM page
    JOIN fulltext ON fulltext.rowid = page.number AND fulltext MATCH :match
    LEFT JOIN article ON number % {KINDS} = {ARTICLE} AND article.id = number / {KINDS}
    LEFT JOIN question ON number % {KINDS} = {ANSWER} AND question.id = number / {KINDS}
    ORDER BY page.rank, page.number
    """  # noqa: S608 (constants only)
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
    values = {
        "match": match,
        "titled": f"{{title}} : ({match})",
        "now": _now(),
        "size": PER_PAGE,
        "skip": (page - 1) * PER_PAGE,
    }
    rows = db.session.execute(_PAGE, values).all()
    return [_hit(row) for row in rows], rows[0].total if rows else 0


def _hit(row: Any) -> Hit:
    article = row.kind == ARTICLE
    return Hit(
        kind="article" if article else "answer",
        path=f"/articles/{row.slug}" if article else f"/faq/{row.slug}",
        title_html=_marked(row.title),
        snippet_html=_marked(row.snippet),
        date=datetime.fromisoformat(f"{row.published_at}+00:00") if row.published_at else None,
    )


def _now() -> str:
    return now().replace(tzinfo=None).isoformat(timespec="microseconds")


def _marked(found: str) -> Markup:
    escaped = str(escape(found)).replace(_START, "<mark>").replace(_END, "</mark>")
    return Markup(escaped)  # noqa: S704 (escaped just before)
