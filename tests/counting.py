"""Counting what the database is asked, by any way to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask.testing import FlaskClient

from blog.lib.db import db
from blog.lib.edition import draw_new_epoch


@contextmanager
def questions_asked() -> Iterator[list[str]]:
    """Collect every SELECT that reaches SQLite inside, prepared ones too."""
    asked: list[str] = []
    driver: Any = db.session.connection().connection.driver_connection

    def note(statement: str) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            asked.append(statement)

    driver.set_trace_callback(note)
    try:
        yield asked
    finally:
        driver.set_trace_callback(None)


def number_of_questions(client: FlaskClient, path: str) -> int:
    """Return how many questions the database is asked for a page that is there and is not stored."""
    draw_new_epoch()
    with questions_asked() as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@contextmanager
def tables_scanned() -> Iterator[set[str]]:
    """Collect the tables that are read from end to end inside, by whatever statement."""
    asked: list[str] = []
    scanned: set[str] = set()
    driver: Any = db.session.connection().connection.driver_connection
    driver.set_trace_callback(asked.append)
    try:
        yield scanned
    finally:
        driver.set_trace_callback(None)
        for statement in asked:
            if statement.lstrip().upper().startswith(("SELECT", "WITH", "UPDATE", "DELETE")):
                plan = driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                steps = [step[3].split() for step in plan]
                scanned |= {
                    words[1] for words in steps if words[0] == "SCAN" and words[1] in db.metadata.tables
                }
