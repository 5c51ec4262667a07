"""Who was mailed and is erased: neither what the mail server said nor an address that was asked for names them."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.addresses import address_from
from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.newsletter.erasing import erase
from blog.newsletter.issues.accounts import account_of
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Method, Purpose, Subscriber
from blog.newsletter.signup.answering import answer_requests
from blog.newsletter.signup.codes import code_of
from blog.newsletter.signup.confirming import confirm_by_code
from blog.newsletter.verifying import ask_fresh_link
from blog.newsletter.wiping import wipe
from blog.outbox import running
from blog.outbox.fencing import check_fence
from blog.outbox.models import Delivery, State
from tests.outbox.mailscript import answer
from tests.outbox.mailserver import mail_server
from tests.outbox.mailtalk import Server
from tests.outbox.sending import make_all_due, send_all, send_through

from .asking import asked, last_link
from .issues.issuing import drafted, issue, may_send, sent
from .test_erasing import places_of

TYPED = "dee-with-a-long-name-indeed@quiet.example.com"
WANTED = "dee-somewhere-new-entirely@silent.example.net"


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Return a mail server that names whom it speaks of."""
    may_send(1, newsletter__hold_minutes="0")
    with write():
        check_fence()
    with mail_server() as made:
        send_through(app, made)
        local, _, domain = TYPED.partition("@")
        refusal = f"450 4.2.0 <{TYPED}>: the mailbox {local} at mx.{domain} is busy"
        made.script.at("RCPT", answer(refusal), to=TYPED, times=2)
        made.script.at("DOT", answer(f"250 2.0.0 Taken for {TYPED} by mx.{domain}"), to=TYPED)
        yield made
        running.hang_up()


def confirm() -> Subscriber:
    """Sign up, get the mail at the second try, and type its code."""
    handle = asked(TYPED, at=now())
    answer_requests()
    send_all()
    make_all_due()
    send_all()
    with write() as session:
        confirm_by_code(handle, code_of(last_link()), at=now())
        return session.scalars(select(Subscriber).where(Subscriber.key == TYPED)).one()


def test_no_byte_is_left_after_an_issue_was_sent(app: Flask, server: Server) -> None:
    folder = Path(app.config["INSTANCE"])
    dee = confirm()
    drafted()
    sent(count=2, at=now())
    advance_issues()
    send_all()
    make_all_due()
    send_all()
    assert str(account_of(issue())) == "2 chosen = 2 sent + 0 failed + 0 suppressed + 0 in doubt"
    with write():
        assert ask_fresh_link(dee, Purpose.ADDRESS, at=now(), to=address_from(WANTED))
    assert [bool(places_of(folder, address)) for address in (TYPED, WANTED)] == [True, True]
    with write():
        addresses = erase(dee, Method.PAGE, at=now())
    assert wipe(addresses) is True
    assert (places_of(folder, TYPED), places_of(folder, WANTED)) == ([], [])
    with held_at(now() + timedelta(minutes=1)):
        send_all()
    access = select(Delivery.state).where(Delivery.kind == "access")
    assert set(db.session.scalars(access)) == {State.SUPPRESSED}
