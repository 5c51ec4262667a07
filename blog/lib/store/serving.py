"""In front of Flask: answers from the store what it holds fresh, and lets a few requests at once make the rest."""

import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask

from blog.lib.clock import timestamp
from blog.lib.db import THREADS
from blog.lib.edition import CHANGING, Announcer

from .answers import ENCODINGS, Answer, Headers
from .keeping import Key, Nowhere, Shelf
from .slots import SLOT, Slot, canonical_query
from .warming import Warmer

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOMS = 4
"""Pages that a process makes at once: more threads at it would only take turns, and all readers wait longer."""
ALWAYS_FREE = 8
"""Threads that are left for finished answers, however many requests dawdle or are hard to answer."""
FREE_SHARE = 8
"""Answers to what readers type (searches), and old addresses, get this part of the store."""
PATIENCE = 10.0
"""Seconds for which a reader waits for a page that another's request is making, before making it too."""
_KEPT = ("200 OK", "301 MOVED PERMANENTLY", "404 NOT FOUND", "410 GONE")


class PageStore:
    """The outermost layer of the site: `room` bytes of finished answers for readers who ask for `host`."""

    def __init__(self, app: Flask, *, host: str, room: int, busy: Callable[[str], bytes]) -> None:
        self._flask = app
        self._app: WSGIApplication = app.wsgi_app
        self.host = host
        """The name that readers ask for, as it stands in BLOG_SITE_URL."""
        self._busy = busy
        self._keeps = bool(host and room)
        self._pages = Shelf(room - room // FREE_SHARE)
        self._others = Shelf(room // FREE_SHARE)
        self._nowhere = Nowhere()
        self._reads: dict[str, tuple[str, ...]] = {}
        """Which parameters the addresses on the shelves read that take any."""
        self._landings: dict[Key, threading.Event] = {}
        self._turn = threading.Lock()
        self._rooms = threading.Semaphore(ROOMS)
        self._threads = threading.Semaphore(THREADS - ALWAYS_FREE)
        self._language = ""

    @property
    def _announcer(self) -> Announcer:
        announcer: Announcer = self._flask.extensions["edition"]
        return announcer

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._within_limits(self._app, environ, start_response)
        key = self._key(environ)
        if self._keeps and environ.get("HTTP_HOST") == self.host:
            answer = self._fresh(key)
            if answer is not None:
                return answer.respond(environ, start_response)
            return self._once(key, environ, start_response)
        return self._within_limits(self._make, environ, start_response)

    def keep_warm(self) -> Warmer:
        """Begin to make what is asked for most anew with every edition, in the background of this process."""
        warmer = Warmer(self._flask, self)
        if self._keeps:
            warmer.start()
        return warmer

    def hottest(self, most: int) -> list[Key]:
        """Return where the pages are that were asked for most often lately."""
        return self._pages.hottest(most)

    def refresh(self, key: Key, environ: "WSGIEnvironment") -> None:
        """Make a page anew in all its forms, unless it is fresh."""
        if self._fresh(key) is None:
            self._once(key, environ, _Said())
        answer = self._fresh(key)
        if answer is not None:
            for encoding in ENCODINGS:
                answer.form(encoding)

    def _key(self, environ: "WSGIEnvironment") -> Key:
        path: str = environ["PATH_INFO"]
        query: str = environ.get("QUERY_STRING", "")
        known = self._reads.get(path) if query else None
        return (path, wanted) if known and (wanted := canonical_query(query, known)) else path

    def _fresh(self, key: Key) -> Answer | None:
        answer = self._pages.get(key) or self._others.get(key) or self._nowhere.get(key)
        if answer is None or not answer.since <= timestamp() < answer.until:
            return None
        word = self._announcer.word.cells[0]
        if answer.word == word or (word & CHANGING and answer.word == self._word_in_database()):
            return answer
        return None

    def _word_in_database(self) -> int:
        """Ask the database itself while a writer commits, and end what a writer that was killed left behind."""
        with self._flask.app_context():
            self._announcer.put_right()
            return self._announcer.word_in_database()

    def _once(self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Make a page once, however many ask for it at the same moment."""
        with self._turn:
            landing = self._landings.get(key)
            first = landing is None
            if landing is None:
                landing = self._landings[key] = threading.Event()
        if first:
            try:
                return self._within_limits(self._make, environ, start_response)
            finally:
                with self._turn:
                    del self._landings[key]
                landing.set()
        landing.wait(PATIENCE)
        answer = self._fresh(self._key(environ))
        if answer is not None:
            return answer.respond(environ, start_response)
        return self._within_limits(self._make, environ, start_response)

    def _within_limits(
        self, answer: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let the application answer, unless so many threads are at that already that readers would wait."""
        if not self._threads.acquire(blocking=False):
            page = self._busy(self._language)
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
            start_response(
                "503 SERVICE UNAVAILABLE", [*headers, ("Retry-After", "5"), ("Cache-Control", "no-store")]
            )
            return [page]
        try:
            return answer(environ, start_response)
        finally:
            self._threads.release()

    def _make(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Let the application make the page, finish it, and keep it where that is allowed."""
        slot, said = Slot(), _Said()
        with self._rooms:
            body = self._app({**environ, SLOT: slot}, said)
        if slot.body is None:
            start_response(said.status, said.headers)
            return body
        close = getattr(body, "close", None)
        if close:
            close()
        answer = Answer(said.status, said.headers, slot.body, slot.reading)
        response = answer.respond(environ, start_response)  # first, so that its size is known
        if environ.get("HTTP_HOST") == self.host:
            self._keep(environ["PATH_INFO"], slot, answer, said)
        return response

    def _keep(self, path: str, slot: Slot, answer: Answer, said: "_Said") -> None:
        """Put a finished answer where the next reader finds it; what is not of the current edition is not kept."""
        self._language = slot.language or self._language
        if not (self._keeps and said.is_public and answer.status in _KEPT and slot.is_whole):
            return
        if answer.word != self._announcer.word.cells[0]:
            return
        key = (path, slot.query) if slot.query else path
        if answer.status.startswith("404"):
            self._nowhere.put(key, answer)
            return
        if slot.known:
            self._reads[path] = slot.known
        shelf = self._others if slot.is_free or answer.status.startswith("301") else self._pages
        shelf.put(key, answer)


class _Said:
    """What the application said of its answer: the start_response of a request that the store makes."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, _exc_info: Any = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        return _refuse_to_write

    @property
    def is_public(self) -> bool:
        """Tell whether anyone may keep the answer, and it sets no cookie."""
        said = {name.lower(): value for name, value in self.headers}
        return "set-cookie" not in said and "public" in said.get("cache-control", "")


def _refuse_to_write(_data: bytes) -> object:
    raise RuntimeError("The application returns its answers; it does not write them.")
