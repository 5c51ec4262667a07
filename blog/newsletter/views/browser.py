"""The cookie that says later: it is the same browser that signed up; random, and known to us by its hash alone."""

import re
import secrets

from flask import current_app, request
from werkzeug.wrappers import Response

from blog.lib.tokens import hash_of_token

COOKIE = "newsletter"
PATH = "/newsletter"
LIVES = 14 * 24 * 60 * 60
"""Seconds: the seven days that a link lives, and some more for a mail that had to wait."""
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def known_browser() -> str:
    """Return the hash of the cookie that came, or nothing where none came that we could have set."""
    value = request.cookies.get(COOKIE, "")
    return hash_of_token(value) if _SHAPE.fullmatch(value) else ""


def cookie_value() -> str:
    """Return the value to set: that which came, so that several signups are of one browser, else a new one."""
    value = request.cookies.get(COOKIE, "")
    return value if _SHAPE.fullmatch(value) else secrets.token_urlsafe(32)


def remember_browser(response: Response, value: str) -> None:
    """Let the browser keep the cookie; no script reads it, and no other site's post carries it."""
    https = str(current_app.config["SITE_URL"]).startswith("https:")
    response.set_cookie(COOKIE, value, max_age=LIVES, path=PATH, secure=https, httponly=True, samesite="Lax")
