"""The one place that answers htmx: a fragment for it, a full page for everyone else."""

from typing import Any, cast

from flask import Flask, Response, make_response, render_template, request
from htmx_flask import Htmx
from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders

OURS = "X-Broadsheet"
"""The page's script swaps only what carries this header: never a proxy's error page."""


class Request(HtmxAwareRequest):  # type: ignore[misc]  # htmx-flask has no types
    """The request of this application: knows of htmx, and takes no more form parts than a form of ours has."""

    max_form_parts = 50


def know_htmx(app: Flask) -> None:
    """Make `request.htmx` known; the extension sets its own request class, so ours comes after it."""
    Htmx(app)
    app.request_class = Request


def asked_by_htmx() -> bool:
    """Tell whether htmx asks for a fragment (and not the browser's history for a page)."""
    headers = cast(HtmxHeaders, cast(Any, request).htmx)
    return bool(headers) and not headers.history_restore_request


def fragment(template: str, status: int = 200, **context: Any) -> Response:
    """Render a fragment that the page's script may swap in."""
    response = make_response(render_template(template, **context), status)
    response.headers[OURS] = "fragment"
    return response
