"""The absolute address of a page."""

from urllib.parse import quote

from flask import current_app, request

_MEANT = "/?#&=%+:;@!$'()*,~"
"""Characters that mean something in an address and stand for themselves."""


def site_url() -> str:
    """Return the site's canonical address without a trailing slash.

    Where none is set (tests, trying out), it is the one that was asked for.
    """
    return current_app.config["SITE_URL"] or request.host_url.rstrip("/")


def absolute(path: str) -> str:
    """Return the absolute address of a path on this site; letters of other scripts are encoded."""
    return f"{site_url()}{path if path.isascii() else quote(path, safe=_MEANT)}"
