"""What readers see when something is not there or went wrong, and where old addresses lead."""

import sqlite3
from functools import cache
from urllib.parse import quote

from flask import Flask, Response, make_response, redirect, render_template, request
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as AnyResponse

from blog.content.queries import is_public
from blog.lib.answering import PUBLIC
from blog.lib.db import db
from blog.lib.environment import ROOT
from blog.lib.locking import Busy
from blog.lib.words import LANGUAGES, language
from blog.lib.words import gettext as _
from blog.redirects.moving import target_of

_FORMS = {
    ".md": ("/articles/",),
    "/feed.xml": ("/categories/", "/people/"),
    "/feed.json": ("/categories/", "/people/"),
}
"""Other forms of a page and where they are; the old address of one leads to the same form of the new page."""


def handle_errors(app: Flask) -> None:
    """Answer every error with a page that says what happened and where to go on."""
    broken = {code: _whole_page(500, code) for code in LANGUAGES}

    @app.errorhandler(HTTPException)
    def expected(error: HTTPException) -> AnyResponse | HTTPException:
        if isinstance(error, RequestRedirect):
            return error
        moved = _moved() if isinstance(error, NotFound) else None
        return moved or _page(error)

    @app.errorhandler(OperationalError)
    def locked(error: OperationalError) -> Response:
        if "locked" not in str(error.orig):
            raise error
        db.session.rollback()
        return busy(Busy())

    @app.errorhandler(Busy)
    def busy(_error: Busy) -> Response:
        return make_response(render_template("site/error.html", **_words(503)), 503, {"Retry-After": "60"})

    @app.errorhandler(500)
    def unexpected(_error: Exception) -> Response:
        db.session.rollback()
        return Response(broken[_language_if_known()], status=500, mimetype="text/html")


def busy_page(language: str) -> bytes:
    """Return the page for when the site has more to do than it can, in a language."""
    return _whole_page(503, language if language in LANGUAGES else LANGUAGES[0]).encode()


@cache
def _whole_page(status: int, language: str) -> str:
    """Return a page for when nothing works; it needs nothing but its own file."""
    return (ROOT / "templates" / "site" / "errors" / f"{status}.{language}.html").read_text("utf-8")


def _language_if_known() -> str:
    """Return the site's language, or English where not even the database answers."""
    try:
        return language()
    except (SQLAlchemyError, sqlite3.Error):
        return LANGUAGES[0]


def _moved() -> AnyResponse | None:
    """Return where an unknown address leads: to itself without the slash, or to what took its place."""
    if request.method not in ("GET", "HEAD"):
        return None
    path = request.path
    if path != "/" and path.endswith("/") and not path.startswith("//"):
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        # Quoted: an encoded question mark in the path is no beginning of a query.
        return redirect(f"{quote(path.rstrip('/')) or '/'}{query}", code=308)
    target = _new_address(path)
    if target is None:
        return None
    response = redirect(target, code=301)
    response.headers["Cache-Control"] = PUBLIC
    return response


def _new_address(path: str) -> str | None:
    """Return the public address that took the place of an old one."""
    target = target_of(path)
    if target is not None:
        return target if is_public(target) else None
    for form, folders in _FORMS.items():
        target = target_of(path.removesuffix(form)) if path.endswith(form) else None
        if target is not None and target.startswith(folders) and is_public(target):
            return f"{target}{form}"
    return None


def _page(error: HTTPException) -> Response:
    status = error.code or 500
    response = make_response(render_template("site/error.html", **_words(status)), status)
    if status in (404, 410) and request.method in ("GET", "HEAD"):
        response.headers["Cache-Control"] = PUBLIC
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def _words(status: int) -> dict[str, object]:
    """Return the title and the text of an error page."""
    titles = {
        400: (_("This request cannot be read"), _("Something about the address or the form was wrong.")),
        403: (_("This is not open to you"), _("The page exists, but not for this visit.")),
        404: (_("This page is not here"), _("The address may have a typing error, or the page has moved.")),
        405: (
            _("This cannot be done here"),
            _("The address exists, but it does not take this kind of request."),
        ),
        410: (_("This page was withdrawn"), _("It was here, and the team has taken it back.")),
        413: (_("That was too much"), _("What was sent is larger than this site takes. Nothing was kept.")),
        429: (_("That was too often"), _("Please wait a few minutes and try again. Nothing was lost.")),
        503: (_("The site is busy"), _("Nothing was changed. Please try again in a minute.")),
    }
    title, text = titles.get(status, titles[400])
    # An error page is at no address of its own, and what was asked for is not repeated.
    return {"status": status, "title": title, "text": text, "robots": "noindex", "canonical": None}
