"""An issue from Send to the mail server: everybody once, nobody who left, and the sums are right at the end."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.issues.accounts import account_of
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method, Stage, Subscriber
from blog.outbox import running
from blog.outbox.fencing import check_fence
from tests.outbox.mailscript import answer
from tests.outbox.mailserver import mail_server
from tests.outbox.mailtalk import Server
from tests.outbox.sending import send_all, send_through

from .issuing import drafted, issue, may_send, sent


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Return the mail server of a site that may send to ten readers at once, without a hold."""
    may_send(10, newsletter__hold_minutes="0")
    with write():
        check_fence()
    drafted()
    with mail_server() as made:
        send_through(app, made)
        yield made
        running.hang_up()


def go(count: int = 10) -> None:
    """Say Send and let the worker's steps do what is due."""
    sent(count=count, at=now())
    advance_issues()
    send_all()
    advance_issues()


def reader(number: int) -> Subscriber:
    return db.session.scalars(select(Subscriber).where(Subscriber.key == f"reader{number}@example.org")).one()


def recipients(server: Server) -> list[str]:
    return [taken.recipient for taken in server.taken]


def test_everybody_gets_it_once_and_it_is_done(server: Server) -> None:
    go()
    assert sorted(recipients(server)) == sorted(f"reader{number}@example.org" for number in range(10))
    assert issue().stage is Stage.DONE
    assert str(account_of(issue())) == "10 chosen = 10 sent + 0 failed + 0 suppressed + 0 in doubt"
    message = server.taken[0].message
    assert message["Subject"] == "Spring"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    go_again = advance_issues()
    assert (go_again, len(server.taken)) == (None, 10)


def test_each_letter_has_links_of_its_own(server: Server) -> None:
    go()
    links = {str(taken.message["List-Unsubscribe"]) for taken in server.taken}
    assert len(links) == 10


def test_who_left_after_it_started_is_suppressed_and_counted(server: Server) -> None:
    sent(count=10, at=now())
    advance_issues()
    with write():
        leave(reader(3), Method.PAGE, at=now())
    send_all()
    advance_issues()
    assert "reader3@example.org" not in recipients(server)
    assert str(account_of(issue())) == "10 chosen = 9 sent + 0 failed + 1 suppressed + 0 in doubt"
    assert issue().stage is Stage.DONE


def test_a_refused_recipient_fails_alone(server: Server) -> None:
    server.script.at("RCPT", answer("550 5.1.1 No such user"), to="reader4@example.org")
    go()
    assert str(account_of(issue())) == "10 chosen = 9 sent + 1 failed + 0 suppressed + 0 in doubt"


def test_a_data_folder_that_was_copied_back_with_a_due_schedule_opens_no_connection(
    server: Server, app: Flask, tmp_path: Path
) -> None:
    database = Path(app.config["BROADSHEET_DATABASE"])
    sent(count=10, at=now())
    with write():
        pass
    db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
    db.session.remove()
    shutil.copy(database, tmp_path / "old.sqlite3")
    advance_issues()
    send_all()
    running.hang_up()
    opened = server.connections
    db.session.remove()
    db.engine.dispose()
    for name in ("", "-wal", "-shm"):
        database.with_name(database.name + name).unlink(missing_ok=True)
    shutil.copy(tmp_path / "old.sqlite3", database)
    with write():
        assert check_fence() is True
    advance_issues()
    send_all()
    assert (server.connections, len(server.taken)) == (opened, 10)
    assert issue().stage is Stage.HOLDING
