"""Who signed up before there was a confirmation mail gets theirs; who left is not brought back by an older version."""

import flask_migrate
from flask import Flask
from sqlalchemy import text

from blog.lib.db import db, write
from blog.lib.migrating import upgrade_database
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method, Subscriber
from tests.newsletter.asking import AT, MINUTE, asked, worked


def rows(sql: str) -> list[tuple[object, ...]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(text(sql))]


def test_requests_from_before_are_kept_and_mailed_a_few_at_a_time(app: Flask) -> None:
    for number in [*range(30), 0]:
        asked(f"reader-{number}@example.org")
    db.session.rollback()
    flask_migrate.downgrade(revision="0005")
    assert rows("SELECT count(*), sum(mail_later) FROM consent") == [(31, 0)]
    upgrade_database()
    app.extensions.pop("standing key")
    assert rows("SELECT count(*), count(DISTINCT leave_hash) FROM subscriber") == [(30, 30)]
    assert rows("SELECT count(*), sum(later), count(answered_at) FROM signup_request") == [(30, 30, 0)]
    for minute in range(5):
        worked(AT + minute * MINUTE)
    assert rows("SELECT count(*) FROM delivery") == [(5,)]


def test_an_older_version_keeps_nobody_whom_it_would_take_for_somebody_who_asked(app: Flask) -> None:
    asked("ann@example.org")
    asked("dee@example.org")
    with write() as session:
        leave(session.query(Subscriber).filter_by(key="dee@example.org").one(), Method.PAGE, at=AT)
    db.session.rollback()
    flask_migrate.downgrade(revision="0005")
    assert rows("SELECT key FROM subscriber") == [("ann@example.org",)]
    assert rows("SELECT address FROM consent") == [("ann@example.org",)]
