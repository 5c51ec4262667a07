"""In front of Flask: answers from the store what it holds fresh, and lets a few requests at once make the rest."""

import sqlite3
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from blog.lib.clock import timestamp
from blog.lib.db import THREADS
from blog.lib.edition import CHANGING, Announcer

from .answers import ENCODINGS, Answer, Headers
from .gating import Landing, Rooms
from .keeping import Key, Nowhere, Passing, Shelf
from .slots import SLOT, Said, Slot, canonical_query

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOMS = 2
"""Pages that a process makes at once: more threads at it would only take turns, and all readers wait longer."""
ALWAYS_FREE = 8
"""Threads that are left for finished answers, however many requests dawdle or are hard to answer."""
FREE_SHARE = 8
"""Answers to what readers type (searches), and old addresses, get this part of the store."""
PATIENCE = 10.0
"""Seconds for which a reader waits for a page that another's request is making, before making it too."""
BRIEFLY = 0.25
"""Seconds of that for which any number may wait; whoever waits on takes one of the threads that may be taken."""
_KEPT = ("200 OK", "301 MOVED PERMANENTLY", "404 NOT FOUND", "410 GONE")


class PageStore:
    """The outermost layer of the site: `room` bytes of finished answers for readers who ask for `host`."""

    def __init__(
        self, app: Flask, *, host: str, room: int, busy: Callable[[str], bytes], headers: Headers
    ) -> None:
        self._flask = app
        self._app: WSGIApplication = app.wsgi_app
        self.host = host
        """The name that readers ask for, as it stands in BLOG_SITE_URL."""
        self._busy = busy
        self._always_sent = headers
        self.keeps = bool(host and room)
        """Whether anything is kept at all."""
        self._pages = Shelf(room - room // FREE_SHARE)
        self._others = Shelf(room // FREE_SHARE)
        self._nowhere = Nowhere()
        self._passing = Passing()
        self._reads: dict[str, tuple[str, ...]] = {}
        """Which parameters the addresses on the shelves read that take any."""
        self._landings: dict[Key, Landing] = {}
        self._turn = threading.Lock()
        self._rooms = Rooms(ROOMS)
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
        if self.keeps and environ.get("HTTP_HOST") == self.host:
            answer = self._fresh(key)
            if answer is not None and self._is_meant(key, environ):
                return answer.respond(environ, start_response)
            return self._once(key, environ, start_response)
        return self._within_limits(self._make, environ, start_response)

    def hottest(self, most: int) -> list[Key]:
        """Return where the pages are that were asked for most often lately."""
        return self._pages.hottest(most)

    def refresh(self, key: Key, environ: "WSGIEnvironment") -> None:
        """Make a page anew in all its forms, unless it is fresh."""
        kept = self._pages.peek(key)
        if kept is None or not self._holds(kept):
            self._once(key, environ, Said())
        answer = self._pages.peek(key)
        if answer is not None and self._holds(answer):
            for encoding in ENCODINGS:
                answer.form(encoding)

    def _key(self, environ: "WSGIEnvironment") -> Key:
        path: str = environ["PATH_INFO"]
        query: str = environ.get("QUERY_STRING", "")
        known = (self._reads.get(path) or self._nowhere.reads.get(path)) if query else None
        return (path, wanted) if known and (wanted := canonical_query(query, known)) else path

    def _is_meant(self, key: Key, environ: "WSGIEnvironment") -> bool:
        """Tell whether the key still is the request's; not if the first page there has just said what it reads."""
        return not environ.get("QUERY_STRING") or key == self._key(environ)

    def _fresh(self, key: Key) -> Answer | None:
        answer = self._pages.get(key) or self._others.get(key) or self._nowhere.get(key)
        return answer if answer is not None and self._holds(answer) else None

    def _holds(self, answer: Answer) -> bool:
        """Tell whether the answer is what would be made now."""
        if not answer.since <= timestamp() < answer.until:
            return False
        word = self._announcer.word.cells[0]
        return answer.word == word or bool(word & CHANGING and answer.word == self._word_in_database())

    def _word_in_database(self) -> int | None:
        """Ask the database itself while a writer commits, and end what a writer that was killed left behind."""
        try:
            with self._flask.app_context():
                self._announcer.put_right()
                return self._announcer.word_in_database()
        except (SQLAlchemyError, sqlite3.Error, OSError):
            return None  # the application is asked, and says what is wrong in a page of its own

    def _once(
        self, key: Key, environ: "WSGIEnvironment", start_response: "StartResponse", *, is_in: bool = False
    ) -> Iterable[bytes]:
        """Make a page once, however many ask for it at the same moment; who `is_in` is within limits already."""
        within = _go_ahead if is_in else self._within_limits
        if environ["PATH_INFO"] in self._passing:
            return within(self._make, environ, start_response)
        with self._turn:
            landing = self._landings.get(key)
            if landing is None:
                mine = self._landings[key] = Landing()
        if landing is None:
            try:
                return within(partial(self._make, landing=mine), environ, start_response)
            finally:
                with self._turn:
                    del self._landings[key]
                mine.done.set()
        if landing.done.wait(BRIEFLY):
            return self._when_landed(key, landing, is_in, environ, start_response)
        return within(partial(self._when_landed, key, landing, True), environ, start_response)

    def _when_landed(
        self,
        key: Key,
        landing: Landing,
        is_in: bool,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
    ) -> Iterable[bytes]:
        """Answer what another's request has made; where that is old by now, one of those who wait makes it anew."""
        landing.done.wait(PATIENCE)
        meant = self._key(environ)
        answer = self._fresh(meant)
        if answer is not None and self._is_meant(meant, environ):
            return answer.respond(environ, start_response)
        if landing.is_outdated:
            return self._once(key, environ, start_response, is_in=is_in)
        within = _go_ahead if is_in else self._within_limits
        return within(self._make, environ, start_response)

    def _within_limits(
        self, answer: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Let the application answer, unless so many threads are at that already that readers would wait."""
        if not self._threads.acquire(blocking=False):
            return self._too_much(environ, start_response)
        try:
            return answer(environ, start_response)
        finally:
            self._threads.release()

    def _too_much(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        page = self._busy(self._language)
        own = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page)))]
        own += [("Retry-After", "5"), ("Cache-Control", "no-store")]
        start_response("503 SERVICE UNAVAILABLE", [*own, *self._always_sent])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [page]

    def _make(
        self,
        environ: "WSGIEnvironment",
        start_response: "StartResponse",
        landing: Landing | None = None,
    ) -> Iterable[bytes]:
        """Let the application make the page, finish it, and keep it where that is allowed."""
        slot, said = Slot(), Said()
        answer: Answer | None = None
        with self._rooms:
            body = self._app({**environ, SLOT: slot}, said)
        if slot.body is None:
            start_response(said.status, said.headers)
        else:
            close = getattr(body, "close", None)
            if close:
                close()
            answer = Answer(said.status, said.headers, slot.body, slot.reading)
            body = answer.respond(environ, start_response)  # first, so that its size is known
        if self.keeps and environ.get("HTTP_HOST") == self.host:
            self._language = slot.language or self._language
            is_lasting = slot.is_whole and said.is_public
            self._remember(environ["PATH_INFO"], slot, answer if is_lasting else None, landing)
        return body

    def _remember(self, path: str, slot: Slot, answer: Answer | None, landing: Landing | None) -> None:
        """Keep what may be kept; who waits for something else is told to go ahead."""
        # Slashes in front and accents apart lead to a page, too; it is kept for the one way to write its address.
        is_kept = answer is not None and answer.status in _KEPT and path == slot.path
        self._passing.learn(path, is_kept=is_kept)
        if answer is None or not is_kept:
            return
        if self._is_current(answer):
            self._keep(path, slot, answer)
        elif landing:
            landing.is_outdated = True

    def _is_current(self, answer: Answer) -> bool:
        """Tell whether the page shows what the database holds now, with nothing turned while it was made."""
        if self._announcer.word.cells[0] & CHANGING:
            self._word_in_database()
        return answer.word == self._announcer.word.cells[0] and answer.since <= timestamp() < answer.until

    def _keep(self, path: str, slot: Slot, answer: Answer) -> None:
        """Put a finished answer where the next reader finds it, and let go what was kept for its address before."""
        key = (path, slot.query) if slot.query else path
        kept_on = self._place_for(slot, answer)
        for place in (self._pages, self._others, self._nowhere):
            if place is not kept_on:
                place.drop(key)
        if slot.known and kept_on is self._nowhere:
            self._nowhere.learn(path, slot.known)
        elif slot.known:
            self._reads[path] = slot.known
        kept_on.put(key, answer)

    def _place_for(self, slot: Slot, answer: Answer) -> Shelf | Nowhere:
        if answer.status.startswith("404"):
            return self._nowhere
        return self._others if slot.is_free or answer.status.startswith("301") else self._pages


def _go_ahead(
    answer: "WSGIApplication", environ: "WSGIEnvironment", start_response: "StartResponse"
) -> Iterable[bytes]:
    return answer(environ, start_response)
