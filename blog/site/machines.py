"""What programs ask a site for: robots, where to report a weakness, whether all is well."""

from datetime import UTC, datetime

from flask import Response, abort
from sqlalchemy import text

from blog.content.dating import today
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.words import iso
from blog.settings import identity

blueprint = public_blueprint("machines", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Let robots read what readers read."""
    lines = (
        "User-agent: *",
        "Disallow: /search",
        "Disallow: /newsletter/",
        "Allow: /newsletter/issues/",  # the longer rule counts (RFC 9309)
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
