"""What programs ask a site for: sitemap, robots, where to report a weakness, whether all is well."""

from datetime import UTC, datetime
from xml.sax.saxutils import escape

from flask import Response, abort
from sqlalchemy import func, select, text

from blog.content import queries
from blog.content.dating import latest, today
from blog.content.models import Article, Correction, Page, Person, Question, Tag
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.words import iso
from blog.settings import identity

blueprint = public_blueprint("machines", __name__)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List every public page; articles say when their text last changed."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    lines.append('<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">')
    for path, changed in [*_listings(), *_articles(), *_others()]:
        moment = f"<lastmod>{iso(changed)}</lastmod>" if changed else ""
        lines.append(f"<url><loc>{escape(absolute(path))}</loc>{moment}</url>")
    lines.append("</urlset>\n")
    return Response("\n".join(lines), mimetype="application/xml")


def _listings() -> list[tuple[str, datetime | None]]:
    return [(path, None) for path in ("/", "/articles", "/faq", "/newsletter")]


def _articles() -> list[tuple[str, datetime | None]]:
    corrected = select(func.max(Correction.date)).where(Correction.article_id == Article.id).scalar_subquery()
    columns = select(Article.slug, Article.published_at, Article.updated_at, Article.reviewed_on, corrected)
    rows = db.session.execute(columns.where(Article.is_live).order_by(Article.slug)).all()
    return [(f"/articles/{slug}", latest(*moments)) for slug, *moments in rows]


def _others() -> list[tuple[str, datetime | None]]:
    """Addresses that have no date of their own."""
    folders = (
        ("/tags/", select(Tag.slug).where(queries.tag_stands_on()).order_by(Tag.slug)),
        ("/people/", select(Person.slug).where(queries.has_page()).order_by(Person.slug)),
        ("/faq/", select(Question.slug).where(queries.is_public_question()).order_by(Question.slug)),
        ("/", select(Page.slug).order_by(Page.slug)),
    )
    categories = [topic.path for topic in queries.shown_categories.all() if topic]
    others = [f"{folder}{slug}" for folder, slugs in folders for slug in db.session.scalars(slugs)]
    return [(path, None) for path in (*categories, *others)]


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read what readers read."""
    lines = (
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /newsletter/",
        f"Sitemap: {absolute('/sitemap.xml')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/.well-known/security.txt")
def security() -> Response:
    """Say where to report a weakness, where the team has said so (RFC 9116)."""
    contact = identity.security_contact.get() or abort(404)
    # The end of next year: the same text for every request of a year.
    expires = datetime(today().year + 1, 12, 31, tzinfo=UTC)
    lines = (
        f"Contact: {contact}",
        f"Expires: {iso(expires)}",
        f"Preferred-Languages: {identity.language.get()}",
        f"Canonical: {absolute('/.well-known/security.txt')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/healthz")
def health() -> Response:
    """Say ok when the database answers."""
    db.session.execute(text("SELECT 1 FROM article LIMIT 1"))
    response = Response("ok\n", mimetype="text/plain")
    response.headers["Cache-Control"] = "no-store"
    return response
