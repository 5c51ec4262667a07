"""Putting the store in front of an application."""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, abort, request

from .serving import PageStore
from .slots import begin_reading

MEGABYTE = 1024 * 1024


def keep_pages(
    app: Flask, *, site_url: str, megabytes: int, busy: Callable[[str], bytes], headers: dict[str, str]
) -> None:
    """Let finished answers be kept in up to `megabytes` in this process; 0 keeps none.

    `busy` returns the page, in a language, for when more is asked at once than can be answered; `headers` go
    with it as with every answer. Call this when nothing else is put around the application any more.
    """

    @app.before_request
    def begin() -> None:
        """An unknown address is the same for every reader, too; public blueprints begin by themselves."""
        if request.environ["REQUEST_METHOD"] != request.method:
            abort(400)  # Flask takes `get` for GET, but the store did not: such a page would see all headers
        if request.url_rule is None:
            begin_reading()

    host, room = urlsplit(site_url).netloc, megabytes * MEGABYTE
    store = PageStore(app, host=host, room=room, busy=busy, headers=list(headers.items()))
    app.extensions["page_store"] = store
    app.wsgi_app = store  # type: ignore[method-assign]  # as Flask says it is to be done
