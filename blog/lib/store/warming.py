"""Keeping the store warm: what readers ask for most is made anew before they ask again."""

import io
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from blog.lib.clock import timestamp
from blog.lib.edition import CHANGING, Announcer

from .serving import PageStore

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST = 24
"""Pages that are made anew for an edition before anyone asks."""
PAUSE = 0.05
"""Seconds between two looks at the edition."""
DOUBT = 1.0
"""Seconds after which the file is compared with the database: somebody may have changed it past `write()`."""


def keep_warm(app: Flask) -> "Warmer":
    """Begin to make what is asked for most anew with every edition, in the background of this process."""
    store: PageStore = app.extensions["page_store"]
    announcer: Announcer = app.extensions["edition"]
    announcer.map_anew()
    warmer = Warmer(app, store)
    if store.keeps:
        warmer.start()
    return warmer


class Warmer:
    """Watches the edition in one process and refreshes its hottest pages when it changes or turns."""

    def __init__(self, flask: Flask, store: PageStore) -> None:
        self._flask = flask
        self._store = store
        self._ended = threading.Event()
        self._seen = 0
        self._turn = 0.0
        self._compared = 0.0
        self._database: Path = flask.config["BROADSHEET_DATABASE"]
        self._at_start = _identity_of(self._database)

    def start(self) -> None:
        """Watch from a thread of this process until it ends. Call it after the server has forked."""
        threading.Thread(target=self._watch, name="warmer", daemon=True).start()

    def stop(self) -> None:
        """Let the thread end."""
        self._ended.set()

    def look(self) -> None:
        """Look once: make hot pages anew where the edition is another than last time, or has turned."""
        announcer: Announcer = self._flask.extensions["edition"]
        now = timestamp()
        if not announcer.word.is_in_place:
            announcer.map_anew()
            self._compared = 0.0
        word = announcer.word.read()
        if now - self._compared >= DOUBT or now < self._compared:
            self._compared = now
            self._compare(announcer, word)
        if word & CHANGING or (word == self._seen and now < self._turn):
            return
        first = self._seen == 0
        self._seen = word
        with self._flask.app_context():
            self._turn = announcer.reading().until
        if not first:
            self._warm(lambda: announcer.word.read() == word and not self._ended.is_set())

    def _compare(self, announcer: Announcer, word: int) -> None:
        if _identity_of(self._database) != self._at_start:
            self._leave()
            return
        with self._flask.app_context():
            if announcer.word_in_database() != word:
                announcer.put_right()

    def _leave(self) -> None:
        """End this process, and let one begin that reads the database that is there now.

        Connections go on with the file that was taken away: what they showed would be old, and what they took lost.
        """
        self._flask.logger.error(
            "The database %s was replaced while the site is served; a new process reads the new one. "
            "Stop the site before putting another database in place.",
            self._database,
        )
        self.stop()
        os.kill(os.getpid(), signal.SIGTERM)

    def _warm(self, goes_on: Callable[[], bool]) -> None:
        for key in self._store.hottest(MOST):
            if not goes_on():
                return
            self._store.refresh(key, request_for(key, self._store.host))

    def _watch(self) -> None:
        while not self._ended.wait(PAUSE):
            try:
                self.look()
            except Exception:  # a thread that ended would leave every page to its next reader, unseen
                self._flask.logger.exception("The page store could not be kept warm.")
                self._ended.wait(DOUBT)


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def request_for(key: "str | tuple[str, str]", host: str) -> "WSGIEnvironment":
    """Return the request of a reader without any wishes for what is kept under a key."""
    path, query = (key, "") if isinstance(key, str) else key
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "HTTP_ACCEPT_ENCODING": "br",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
