"""A whole round: an issue goes out, what comes back is counted, the next issue goes to whom is left."""

from dataclasses import replace
from datetime import datetime, timedelta

from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db
from blog.newsletter.collecting import take_report
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Bounce, Subscriber
from blog.outbox.models import State
from blog.outbox.running import hang_up
from tests.newsletter.issues.issuing import MINUTE, NOON, drafted, may_send, sent
from tests.outbox import returned
from tests.outbox.mailscript import answer
from tests.outbox.mailserver import mail_server
from tests.outbox.sending import send_all, send_through, states


def standing() -> dict[str, str]:
    """Return why each reader gets no more letters, or nothing."""
    db.session.rollback()
    kinds = {row.hash: row.kind for row in db.session.query(Bounce)}
    return {
        (row.key or "").partition("@")[0]: kinds.get(row.hash, "") if row.left_at else ""
        for row in db.session.query(Subscriber).order_by(Subscriber.id)
    }


def send(subject: str, count: int, at: datetime) -> None:
    """Write an issue and send it to so many, all at about this moment."""
    slug = drafted(subject)
    with held_at(at):
        sent(slug, count, at=at)
    with held_at(at + 11 * MINUTE):
        advance_issues()
        send_all()


def report_back(taken: dict[str, str]) -> None:
    """Say of two readers' letters that one came back and that one was unwanted, to where they came from."""
    gone = returned.failed("5.1.1", "550 5.1.1 closed", "reader2@example.org")
    take_report(returned.report(gone, to=taken["reader2@example.org"], returned="Subject: x\n"))
    to = f"To: {taken['reader3@example.org']}, letters@".encode()
    hidden = returned.HIDDEN_COMPLAINT.replace(returned.OURS.encode(), b"<redacted@x>")
    take_report(hidden.replace(b"To: letters@", to))


def test_who_is_gone_or_complains_gets_no_second_issue(app: Flask) -> None:
    may_send(4)
    with mail_server() as server:
        send_through(app, server)
        app.config["MAIL"] = replace(app.config["MAIL"], bounces="bounces@journal.example.org")
        server.script.at("RCPT", answer("550 5.1.1 No such user here"), to="reader1@example.org")
        send("Spring", 4, NOON)
        assert [state for _, state in states()] == [State.SENT, State.FAILED, State.SENT, State.SENT]
        with held_at(NOON + timedelta(hours=1)):
            report_back({taken.recipient: taken.sender for taken in server.taken})
        assert standing() == {"reader0": "", "reader1": "hard", "reader2": "hard", "reader3": "complaint"}
        before = len(server.taken)
        send("Summer", 1, NOON + timedelta(days=1))
        hang_up()
        assert [taken.recipient for taken in server.taken[before:]] == ["reader0@example.org"]
