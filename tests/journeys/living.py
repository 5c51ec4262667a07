"""A site that lives inside the test: really served, its clock set ahead and its worker set to work as a test likes."""

import email
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from blog.lib import clock
from blog.lib.db import db
from blog.outbox.running import deliver_due, hang_up
from blog.worker.mailing import MAIL_STEPS
from tests.conftest import Start, environment_in

from .serving import free_port

URL = re.compile(r"https?://[^\s\"'<>]+")
DIGITS = re.compile(r"\b\d{3} ?\d{3}\b")


class Quiet(WSGIRequestHandler):
    """Writes no log of what was asked."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class LivingSite:
    """What a test may do to the site."""

    def __init__(self, application: Flask, url: str) -> None:
        self.application = application
        self.url = url
        self.ahead = timedelta(0)

    def now(self, zone: object = UTC) -> datetime:
        """Return what the site takes for the time."""
        return datetime.now(UTC) + self.ahead

    def work(self) -> None:
        """Let the worker do what is due."""
        with self.application.app_context():
            for step in MAIL_STEPS:
                step()
            while deliver_due() is not None and self.rows(
                "SELECT 1 FROM delivery WHERE state NOT IN ('sent', 'failed', 'suppressed')"
            ):
                pass
            hang_up()
            db.session.remove()

    def rows(self, question: str) -> list[tuple[object, ...]]:
        """Return what the site's database answers."""
        path = self.application.config["BROADSHEET_DATABASE"]
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return list(connection.execute(question))

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Return every row of every table."""
        names = self.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
        return {str(name): self.rows(f'SELECT * FROM "{name}"') for (name,) in names}

    def mails(self) -> list[Message]:
        """Return every mail that was sent, the oldest first."""
        folder = Path(self.application.config["INSTANCE"]) / "mail"
        files = sorted(folder.glob("*.eml"), key=lambda path: (path.stat().st_mtime_ns, path.name))
        return [email.message_from_bytes(path.read_bytes()) for path in files]

    def code(self) -> str:
        """Return the code of the last mail that has one, as it stands there."""
        found = [code for mail in self.mails() for code in DIGITS.findall(text_of(mail))]
        return str(found[-1])

    def link(self) -> str:
        """Return the link to confirm of the last mail that has one."""
        urls = [str(url) for mail in self.mails() for url in URL.findall(text_of(mail))]
        return [url for url in urls if "/newsletter/confirm/" in url][-1]

    def methods(self) -> list[object]:
        """Return how each confirmation came about."""
        return [
            method
            for (method,) in self.rows("SELECT method FROM consent WHERE deed = 'confirmed' ORDER BY id")
        ]


def text_of(mail: Message, kind: str = "text/plain") -> str:
    """Return a mail's text."""
    parts = [part for part in mail.walk() if part.get_content_type() == kind]
    return "".join(bytes(part.get_payload(decode=True)).decode() for part in parts)


def urls_in(mail: Message) -> set[str]:
    """Return every address in a mail: in both its parts and in its headers."""
    said = [text_of(mail), text_of(mail, "text/html"), *(str(value) for value in mail.values())]
    return {url.rstrip(".,;)>") for words in said for url in URL.findall(words)}


@contextmanager
def lived(application: Flask, url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[LivingSite]:
    """Serve the application from threads of the test, on the port of its address."""
    site = LivingSite(application, url)
    monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=site.now))
    server = make_server(
        "127.0.0.1", int(url.rpartition(":")[2]), application, threaded=True, request_handler=Quiet
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join(30)


def started(folder: Path, start: Start) -> tuple[Flask, str]:
    """Return an application that knows the address it will be served at, and that address."""
    url = f"http://127.0.0.1:{free_port()}"
    return start(environment_in(folder, site_url=url)), url
