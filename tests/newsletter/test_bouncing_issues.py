"""A whole round: an issue goes out, what comes back is counted, the next issue goes to whom is left."""

from datetime import timedelta

from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db
from blog.lib.mail_settings import MailSettings
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

DUE = NOON + 11 * MINUTE


def standing() -> dict[str, str]:
    """Return why each reader gets no more letters, or nothing."""
    db.session.rollback()
    kinds = {row.hash: row.kind for row in db.session.query(Bounce)}
    return {
        (row.key or "").partition("@")[0]: kinds.get(row.hash, "") if row.left_at else ""
        for row in db.session.query(Subscriber).order_by(Subscriber.id)
    }


def test_who_is_gone_or_complains_gets_no_second_issue(app: Flask) -> None:
    may_send(4)
    with mail_server() as server:
        send_through(app, server)
        mail: MailSettings = app.config["MAIL"]
        app.config["MAIL"] = MailSettings(
            mail.server, mail.folder, mail.sender, "bounces@journal.example.org"
        )
        server.script.at("RCPT", answer("550 5.1.1 No such user here"), to="reader1@example.org")
        drafted()
        with held_at(NOON):
            sent(count=4)
        with held_at(DUE):
            advance_issues()
            send_all()
        assert [state for _, state in states()] == [State.SENT, State.FAILED, State.SENT, State.SENT]
        came_back = {taken.recipient: taken.sender for taken in server.taken}
        gone = returned.failed("5.1.1", "550 5.1.1 closed", "reader2@example.org")
        with held_at(DUE + timedelta(hours=1)):
            take_report(returned.report(gone, to=came_back["reader2@example.org"], returned="Subject: x\n"))
            raw = returned.COMPLAINT.replace(b"Original-Mail-From: letters@journal.example.org", b"X: y")
            complaint = raw.replace(
                b"To: letters@", f"To: {came_back['reader3@example.org']}, letters@".encode()
            )
            take_report(complaint)
        assert standing() == {"reader0": "", "reader1": "hard", "reader2": "hard", "reader3": "complaint"}
        drafted("Summer")
        with held_at(NOON + timedelta(days=1)):
            sent("summer", 1, at=NOON + timedelta(days=1))
        before = len(server.taken)
        with held_at(DUE + timedelta(days=1)):
            advance_issues()
            send_all()
        hang_up()
        assert [taken.recipient for taken in server.taken[before:]] == ["reader0@example.org"]
