"""What one uncached page costs: CPU, questions to the database, bytes over the wire. `python -m benchmarks.pages`."""

import gzip
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import create_environ

from blog.content import reading
from blog.lib.db import db

from .site import ADDRESS, site

ROUNDS, REPEATS = 7, 40


def cpu_ms(work: Callable[[], object]) -> float:
    """Return the milliseconds of CPU that the work takes, the best of several rounds."""
    for _ in range(5):
        work()
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(REPEATS):
            work()
        best = min(best, (time.process_time() - start) / REPEATS)
    return best * 1000


def questions_of(app: Flask, work: Callable[[], object]) -> int:
    """Return how many statements the work sends to the database."""
    seen: list[str] = []
    with app.app_context():
        driver: Any = db.session.connection().connection.driver_connection
        driver.set_trace_callback(seen.append)
        work()
        driver.set_trace_callback(None)
    return sum(statement.lstrip().startswith(("SELECT", "WITH")) for statement in seen)


def measure(count: int) -> None:
    """Print the figures of a site with `count` articles."""
    with site(count) as (app, _):
        client = app.test_client()
        with app.app_context():
            article = reading.all_articles.part(1, count // 2)[0].path
        for name, path in (
            ("article", article),
            ("home", "/"),
            ("listing", "/articles"),
            ("search, one word of all articles", "/search/results?q=sleep"),
            ("search, two words", "/search/results?q=blood+pressure"),
            ("search, a beginning", "/search/results?q=the+mem"),
            ("faq", "/faq"),
        ):
            body = get(client, path)
            cost = cpu_ms(ask(app, path))
            asked = questions_of(app, partial(get, client, path))
            size, packed = len(body) / 1000, len(gzip.compress(body, 6)) / 1000
            print(
                f"{count:6} articles  {name:34} {cost:6.2f} ms CPU  {asked:3} questions  "
                f"{size:6.1f} kB, {packed:5.1f} kB gzip"
            )


def ask(app: Flask, path: str) -> Callable[[], object]:
    """Return what asks the application for a page as its server does, without a test client around it."""
    environ = create_environ(path, ADDRESS)

    def asked() -> bytes:
        statuses: list[str] = []
        body = b"".join(app.wsgi_app(environ.copy(), _begin_into(statuses)))
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{path} answered {statuses}.")
        return body

    return asked


def _begin_into(statuses: list[str]) -> Callable[..., Callable[[bytes], object]]:
    def begin(
        status: str, _headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        statuses.append(status)
        return len

    return begin


def get(client: FlaskClient, path: str) -> bytes:
    """Fetch a page and return its bytes."""
    response = client.get(path, base_url=ADDRESS)
    if response.status_code != 200:
        raise RuntimeError(f"{path} answered {response.status_code}.")
    body: bytes = response.data
    return body


if __name__ == "__main__":
    for number in [int(typed) for typed in sys.argv[1:]] or [10, 1000]:
        measure(number)
