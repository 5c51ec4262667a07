"""Five hundred people leave while an issue goes out: whom a letter reaches had not left when it began."""

import threading
from random import Random

from flask import Flask
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.issues.accounts import account_of
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method, Subscriber
from blog.outbox import running
from blog.outbox.fencing import check_fence
from blog.outbox.models import Mailroom
from tests.outbox.mailserver import mail_server
from tests.outbox.sending import send_all, send_through

from .issues.issuing import drafted, issue, may_send, sent

RACES = 500


def mark() -> int:
    """Return how many messages have begun."""
    return db.session.scalars(select(Mailroom.mark)).one()


def leave_all(app: Flask, begun: dict[str, int]) -> None:
    """Let everybody leave, in any order; note how many messages had begun then."""
    with app.app_context():
        ids = list(db.session.scalars(select(Subscriber.id)))
        for number in Random(7).sample(ids, RACES):
            with write() as session:
                someone = session.get_one(Subscriber, number)
                leave(someone, Method.ONE_CLICK, at=now())
                begun[someone.address or ""] = mark()
        db.session.remove()


def test_no_letter_begins_after_its_reader_has_left(app: Flask) -> None:
    may_send(RACES, newsletter__hold_minutes="0")
    with write():
        check_fence()
    drafted()
    sent(count=RACES, at=now())
    advance_issues()
    before, begun = mark(), dict[str, int]()
    leaving = threading.Thread(target=leave_all, args=(app, begun))
    with mail_server() as server:
        send_through(app, server)
        leaving.start()
        send_all()
        leaving.join(120)
        running.hang_up()
    advance_issues()
    got = [taken.recipient for taken in server.taken]
    account = account_of(issue())
    assert (len(begun), len(set(got)), mark() - before) == (RACES, len(got), len(got))
    # Over one connection the n-th that was taken is the n-th that began.
    assert [who for number, who in enumerate(got, before + 1) if number > begun[who]] == []
    assert (account.sent, account.suppressed, account.still_open) == (len(got), RACES - len(got), 0)
    assert 0 < len(got) < RACES
