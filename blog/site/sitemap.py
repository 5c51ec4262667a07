"""The sitemap: one list of all public addresses, or an index of lists where there are many.

A list holds the rows whose ids lie in one span, so that reading one does not walk those before it.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from flask import Response, abort, request
from sqlalchemy import BindParameter, Select, bindparam, func, literal, select, union_all

from blog.content import queries
from blog.content.dating import latest
from blog.content.models import Article, Correction, Page, Person, Question, Tag
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.prepared import Prepared
from blog.lib.words import iso
from blog.newsletter.models import Issue

blueprint = public_blueprint("sitemap", __name__)

MOST = 1000
"""Addresses in one list; a smaller site has only one."""
_LAST = 2**40 // MOST
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_part: BindParameter[int] = bindparam("part")

Address = tuple[str, datetime | None]
"""A path, and when its text last changed where that is known."""


class Kind(NamedTuple):
    """A kind of public address that there may be very many of: where it stands and which rows have one."""

    folder: str
    model: Any
    public: Any
    moments: tuple[Any, ...] = ()

    def rows(self) -> Select[Any]:
        """Ask for all of its slugs, each with the moments at which its text changed."""
        return select(self.model.slug, *self.moments).where(self.public)

    def some(self) -> Select[Any]:
        """Ask for as many of its rows as it takes to know whether one list can hold them."""
        return select(self.model.id).where(self.public).limit(MOST + 1)

    def parts(self) -> Select[Any]:
        """Ask for the numbers of its lists that are not empty."""
        ids = self.model.id
        spans = select(literal(0).label("number")).cte("spans", recursive=True)
        highest = select(func.max(ids)).scalar_subquery()
        spans = spans.union_all(select(spans.c.number + 1).where((spans.c.number + 1) * MOST <= highest))
        within = (ids >= spans.c.number * MOST, ids < (spans.c.number + 1) * MOST)
        return select(spans.c.number).where(select(ids).where(*within, self.public).correlate(spans).exists())


_corrected = select(func.max(Correction.date)).where(Correction.article_id == Article.id).scalar_subquery()
_KINDS = {
    "articles": Kind(
        "/articles/",
        Article,
        Article.is_live,
        (Article.published_at, Article.updated_at, Article.reviewed_on, _corrected),
    ),
    "tags": Kind("/tags/", Tag, queries.tag_stands_on()),
    "people": Kind("/people/", Person, queries.has_page()),
    "questions": Kind("/faq/", Question, queries.is_public_question()),
    "issues": Kind("/newsletter/issues/", Issue, Issue.started_at.is_not(None), (Issue.started_at,)),
}
_one_list = {
    name: Prepared(kind.rows().order_by(kind.model.slug), lambda *row: row) for name, kind in _KINDS.items()
}
_one_part = {
    name: Prepared(
        kind.rows()
        .where(kind.model.id >= _part * MOST, kind.model.id < (_part + 1) * MOST)
        .order_by(kind.model.id),
        lambda *row: row,
    )
    for name, kind in _KINDS.items()
}
_parts = {name: Prepared(kind.parts(), int) for name, kind in _KINDS.items()}
_how_many = Prepared(
    union_all(*(select(func.count()).select_from(kind.some().subquery()) for kind in _KINDS.values())), int
)
_pages = Prepared(select(Page.slug).order_by(Page.slug), str)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every public page; articles say when their text last changed. Many are listed in parts."""
    if sum(_how_many.all()) > MOST:
        return _index()
    articles, *others = (_addresses(name, prepared.all()) for name, prepared in _one_list.items())
    return _list(
        [*_listings(), *articles, *_categories(), *(row for rows in others for row in rows), *_top()]
    )


@blueprint.get("/sitemaps/pages.xml")
def pages() -> Response:
    """List what there are never very many of."""
    return _list([*_listings(), *_categories(), *_top()])


@blueprint.get("/sitemaps/<any(articles, tags, people, questions, issues):kind>-<int:number>.xml")
def part(kind: str, number: int) -> Response:
    """List the public addresses of one span of ids."""
    # One spelling of each address: 07 is not 7, and no number is longer than an id.
    if number > _LAST or request.path != _path(kind, number):
        abort(404)
    rows = _one_part[kind].all(part=number)
    return _list(_addresses(kind, rows)) if rows else abort(404)


def _path(kind: str, number: int) -> str:
    return f"/sitemaps/{kind}-{number}.xml"


def _index() -> Response:
    parts = [_path(kind, number) for kind, prepared in _parts.items() for number in prepared.all()]
    lines = (f"<sitemap><loc>{absolute(path)}</loc></sitemap>" for path in ["/sitemaps/pages.xml", *parts])
    return _xml("sitemapindex", lines)


def _list(addresses: list[Address]) -> Response:
    def line(path: str, changed: datetime | None) -> str:
        moment = f"<lastmod>{iso(changed)}</lastmod>" if changed else ""
        return f"<url><loc>{escape(absolute(path))}</loc>{moment}</url>"

    return _xml("urlset", (line(*address) for address in addresses))


def _xml(root: str, lines: Iterable[str]) -> Response:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    text = "\n".join((head, f'<{root} xmlns="{_NAMESPACE}">', *lines, f"</{root}>\n"))
    return Response(text, mimetype="application/xml")


def _addresses(kind: str, rows: list[Any]) -> list[Address]:
    folder = _KINDS[kind].folder
    return [(f"{folder}{slug}", latest(*moments)) for slug, *moments in rows]


def _listings() -> list[Address]:
    return [(path, None) for path in ("/", "/articles", "/faq", "/newsletter")]


def _categories() -> list[Address]:
    return [(topic.path, None) for topic in queries.shown_categories.all() if topic]


def _top() -> list[Address]:
    return [(f"/{slug}", None) for slug in _pages.all()]
