"""The absolute address of a page."""

from urllib.parse import quote

from flask import current_app, has_request_context, request

from .refusing import Refused

_MEANT = "/?#&=%+:;@!$'()*,~"
"""Characters that mean something in an address and stand for themselves."""

NO_ADDRESS = "Set BLOG_SITE_URL to the site's public address first, e.g. https://journal.example.org."
"""What is said where an address is needed and nobody has told it."""


def site_url() -> str:
    """Return the site's canonical address without a trailing slash.

    Where none is set (tests, trying out), it is the one that was asked for; raises Refused where nobody asks
    (commands, mail).
    """
    if url := current_app.config["SITE_URL"]:
        return str(url)
    if has_request_context():
        return request.host_url.rstrip("/")
    raise Refused(NO_ADDRESS)


def absolute(path: str) -> str:
    """Return the absolute address of a path on this site; letters of other scripts are encoded."""
    return f"{site_url()}{path if path.isascii() else quote(path, safe=_MEANT)}"
