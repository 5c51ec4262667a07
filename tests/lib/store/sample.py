"""A site whose pages tell how often they were made, asked as a server asks it."""

import io
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from blog.lib.answering import public_blueprint
from blog.lib.db import write
from blog.lib.edition import Announcer
from blog.lib.store import PageStore, reads
from blog.settings import identity
from blog.settings.declaring import choose

HOST = "journal.example.org"
HANGING = 60
"""Seconds after which a test gives up."""
LONG = "words " * 300


@dataclass(frozen=True)
class Told:
    """One answer."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def __getitem__(self, name: str) -> str | None:
        """Return the one value of a header, or None."""
        found = [value for known, value in self.headers if known.lower() == name.lower()]
        assert len(found) <= 1, (name, found)
        return found[0] if found else None

    @property
    def text(self) -> str:
        return self.body.decode()


def request(path: str = "/", query: str = "", method: str = "GET", **more: Any) -> dict[str, Any]:
    """Return what a server hands to the application; `more` are further entries, None takes one away."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "198.51.100.7", "HTTP_HOST": HOST, "wsgi.version": (1, 0), "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
        "wsgi.multiprocess": True, "wsgi.run_once": False,
    }  # fmt: skip
    return {name: value for name, value in (environ | more).items() if value is not None}


def ask(app: Flask, path: str = "/", query: str = "", method: str = "GET", **more: Any) -> Told:
    """Ask the application as a server does, and read the answer to its end."""
    said: list[Any] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _fault: object = None, /
    ) -> Callable[[bytes], object]:
        said[:] = [status, headers]
        return said.append

    body = app.wsgi_app(request(path, query, method, **more), start_response)
    try:
        data = b"".join(body)
    finally:
        getattr(body, "close", lambda: None)()
    return Told(int(said[0][:3]), list(said[1]), data)


class Sample:
    """Pages of a test, each counted when it is made; `ask` reads one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.made: Counter[str] = Counter()
        self._pages = public_blueprint("sample", __name__)
        self._open = True

    def page(
        self,
        path: str,
        view: Callable[..., Any] | None = None,
        *,
        known: tuple[str, ...] = (),
        free: tuple[str, ...] = (),
    ) -> None:
        """Add a page; by default one that shows the title of the site."""
        make = view or titled

        def counted(**values: Any) -> Any:
            self.made[path] += 1
            return make(**values)

        self._pages.add_url_rule(
            path, endpoint=path.strip("/").replace(".", "_"), view_func=reads(*known, free=free)(counted)
        )

    def ask(self, path: str = "/", query: str = "", method: str = "GET", **more: Any) -> Told:
        """Read a page as a reader of the site does."""
        if self._open:
            self._open = False
            self.app.register_blueprint(self._pages)
        return ask(self.app, path, query, method, **more)

    def rename(self, title: str = "Another") -> None:
        """Change what every page shows."""
        with self.app.app_context(), write():
            choose("site.title", title)

    def is_kept(self, path: str, query: str = "") -> bool:
        """Tell whether asking again makes nothing."""
        self.ask(path, query)
        before = self.made.total()
        self.ask(path, query)
        return self.made.total() == before

    @property
    def store(self) -> PageStore:
        store: PageStore = self.app.extensions["page_store"]
        return store

    @property
    def announcer(self) -> Announcer:
        announcer: Announcer = self.app.extensions["edition"]
        return announcer


def titled(**_values: object) -> str:
    """Show the title of the site."""
    return f"<h1>{identity.title.get()}</h1>{LONG}"
