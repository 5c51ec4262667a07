"""The mails about signing up say what they must, go only as long as they should, and are noted when they arrived."""

import re
from typing import Any

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method
from blog.newsletter.signup.codes import code_of, confirm_url
from blog.outbox.kinds import KINDS, Letter
from blog.outbox.models import Delivery, State
from tests.newsletter.asking import AT, HOUR, MINUTE, asked, last_link, the_subscriber, worked
from tests.subscribers import confirmed


def the_mail() -> Delivery:
    return db.session.query(Delivery).one()


def composed() -> Letter:
    letter = KINDS[the_mail().kind].compose(the_mail())
    assert letter is not None
    return letter


def may_go() -> bool:
    return KINDS[the_mail().kind].may_still_send(the_mail())


def settled(state: State, **when: Any) -> None:
    with write(), held_at(when.get("at", AT)):
        the_mail().state = state
        KINDS[the_mail().kind].settled(the_mail())


@pytest.fixture
def confirmation(app: Flask) -> None:
    """Have a confirmation wait."""
    asked()
    worked()


@pytest.fixture
def already(app: Flask) -> None:
    """Have the mail wait that says that there is nothing to confirm."""
    with write() as session:
        session.add(confirmed())
    asked()
    worked()


def test_a_confirmation_has_its_code_and_its_link_in_both_parts(confirmation: None) -> None:
    letter, link = composed(), last_link()
    digits = code_of(link)
    assert letter.to == "dee@example.org"
    assert confirm_url(link) in letter.text
    assert confirm_url(link) in letter.html
    assert digits in re.sub(r"\s", "", letter.text)
    assert digits in re.sub(r"<[^>]*>|\s", "", letter.html)


def test_a_confirmation_goes_until_it_is_used_or_the_person_left_or_was_erased(confirmation: None) -> None:
    assert may_go()
    with write():
        last_link().used_at = AT
    assert not may_go()
    with write():
        last_link().used_at = None
        leave(the_subscriber(), Method.PAGE, at=AT + MINUTE)
    assert not may_go()
    with write():
        the_subscriber().left_at, the_subscriber().address = None, None
    assert not may_go()


def test_the_first_arrival_is_noted_and_stays(confirmation: None) -> None:
    settled(State.SENT, at=AT + MINUTE)
    settled(State.SENT, at=AT + HOUR)
    assert the_subscriber().first_mailed_at == AT + MINUTE


@pytest.mark.parametrize("state", [State.FAILED, State.SUPPRESSED, State.IN_DOUBT])
def test_what_did_not_arrive_is_not_noted(confirmation: None, state: State) -> None:
    settled(state)
    assert the_subscriber().first_mailed_at is None


def test_the_time_of_a_code_begins_when_the_mail_is_sent(confirmation: None) -> None:
    settled(State.SENT, at=AT + 3 * HOUR)
    assert last_link().made_at == AT + 3 * HOUR


def test_a_confirmation_of_somebody_who_was_purged_is_not_sent(confirmation: None) -> None:
    with write() as session:
        session.execute(db.text("DELETE FROM signup_request"))
        session.execute(db.text("DELETE FROM mailed_link"))
        session.execute(db.text("DELETE FROM consent"))
        session.execute(db.text("DELETE FROM subscriber"))
    assert (KINDS["confirmation"].compose(the_mail()), may_go()) == (None, False)
    settled(State.SUPPRESSED)


def test_whoever_is_in_already_is_told_so_and_gets_nothing_to_confirm(already: None) -> None:
    letter = composed()
    assert letter.to == "dee@example.org"
    assert "/newsletter/confirm/" not in letter.text + letter.html
    assert may_go()


def test_whoever_leaves_meanwhile_gets_it_no_more(already: None) -> None:
    with write():
        leave(the_subscriber(), Method.PAGE, at=AT)
    assert not may_go()
