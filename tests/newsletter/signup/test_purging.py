"""Whoever never confirms is forgotten 30 days after the first mail reached them, and nobody else is."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.models import Consent, MailedLink, Purpose, SignupRequest, Subscriber
from blog.newsletter.signup.codes import confirm_url
from blog.newsletter.signup.confirming import Finding, confirm_by_code, look_at_link
from blog.newsletter.signup.purging import purge_unconfirmed
from blog.outbox.models import Delivery, State
from blog.outbox.standing import new_seed
from tests.newsletter.asking import AT, DAY, asked, asked_and_mailed, code, last_link, the_subscriber
from tests.subscribers import confirmed, pending

NOUNS = (Subscriber, Consent, SignupRequest, MailedLink)


def kept(at: datetime) -> list[int]:
    """Let the chore run at this moment; return how many of each noun are left."""
    with held_at(at):
        purge_unconfirmed()
    return [db.session.query(noun).count() for noun in NOUNS]


def mailed(**changes: Any) -> str:
    handle = asked_and_mailed()
    with write():
        for name, value in ({"first_mailed_at": AT} | changes).items():
            setattr(the_subscriber(), name, value)
    return handle


def test_thirty_days_after_the_first_mail_everything_goes_but_the_ledger(app: Flask) -> None:
    mailed()
    hashed = the_subscriber().hash
    with write():
        db.session.query(Delivery).one().answer = "250 Taken by mx.example.org"
    assert kept(AT + 30 * DAY - timedelta(seconds=1)) == [1, 1, 1, 1]
    assert kept(AT + 30 * DAY) == [0, 0, 0, 0]
    ledger = [(row.hash, row.address, row.domain, row.answer) for row in db.session.query(Delivery)]
    assert ledger == [(hashed, "", "", "")]


def test_an_address_that_somebody_wished_to_move_to_is_forgotten_after_a_day(app: Flask) -> None:
    data = {"address": "Ben@example.org", "key": "ben@example.org", "hash": "h"}
    with write() as session:
        session.add(dee := confirmed())
        session.flush()
        for purpose in (Purpose.ADDRESS, Purpose.MOVE):
            session.add(
                MailedLink(subscriber_id=dee.id, purpose=purpose, made_at=AT, seed=new_seed(), data=data)
            )
    found = []
    for moment in (AT + DAY - timedelta(seconds=1), AT + DAY):
        kept(moment)
        found += [link.data for link in db.session.query(MailedLink)]
        db.session.rollback()
    assert found == [data, data, {}, {}]


def test_whoever_confirmed_stays(app: Flask) -> None:
    handle = mailed()
    with write():
        confirm_by_code(handle, code(), at=AT)
    assert kept(AT + 300 * DAY) == [1, 2, 0, 1]


def test_a_request_goes_thirty_days_after_it_was_answered_and_its_proof_stays(app: Flask) -> None:
    handle = mailed()
    with write():
        confirm_by_code(handle, code(), at=AT)
    assert kept(AT + 30 * DAY - timedelta(seconds=1)) == [1, 2, 1, 1]
    assert kept(AT + 30 * DAY) == [1, 2, 0, 1]
    assert look_at_link(confirm_url(last_link()).rpartition("/")[2], at=AT + 31 * DAY) is Finding.CONFIRMED


def test_whoever_was_never_mailed_stays_and_waits(app: Flask) -> None:
    asked()
    assert kept(AT + 300 * DAY)[0] == 1


def test_whoever_asked_again_and_has_a_link_that_works_is_given_its_week(app: Flask) -> None:
    mailed()
    asked_and_mailed(at=AT + 29 * DAY)
    assert kept(AT + 30 * DAY) == [1, 2, 1, 2]
    assert kept(AT + 36 * DAY) == [0, 0, 0, 0]


def test_whoever_asked_again_and_waits_for_the_mail_stays(app: Flask) -> None:
    mailed()
    asked(at=AT + 29 * DAY)
    assert kept(AT + 40 * DAY)[0] == 1


@pytest.mark.parametrize(("state", "left"), [(State.FAILED, 0), (State.QUEUED, 1), (State.IN_DOUBT, 0)])
def test_an_address_that_no_mail_reached_goes_thirty_days_after_it_was_asked_for(
    app: Flask, state: State, left: int
) -> None:
    asked_and_mailed()
    with write() as session:
        session.query(Delivery).update({"state": state})
    assert kept(AT + 29 * DAY)[0] == 1
    assert kept(AT + 30 * DAY)[0] == left


def test_an_erased_row_stays_which_is_what_tells_that_it_was_erased(app: Flask) -> None:
    mailed(erased_at=AT)
    assert kept(AT + 300 * DAY)[0] == 1


def test_many_are_forgotten_in_one_run(app: Flask) -> None:
    with write() as session:
        session.add_all(pending(f"cy{number}@example.org", first_mailed_at=AT) for number in range(250))
    assert kept(AT + 30 * DAY)[0] == 0
