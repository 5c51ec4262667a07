"""A signup is confirmed once, by its code or its link, within their time, and nobody is brought back by an old one."""

from datetime import timedelta

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.models import Consent, Deed, MailedLink, Method, SignupRequest
from blog.newsletter.signup.codes import code_of, confirm_url
from blog.newsletter.signup.confirming import Finding, confirm_by_code, confirm_by_link, look_at_link
from blog.outbox.suppressing import is_suppressed, suppress
from tests.newsletter.asking import (
    AT,
    DAY,
    HOUR,
    MINUTE,
    asked,
    asked_and_mailed,
    code,
    last_link,
    mails,
    the_subscriber,
)

IN, ASKS, WORTHLESS = Finding.CONFIRMED, Finding.ASKS, Finding.WORTHLESS
SECOND = timedelta(seconds=1)


def typed(handle: str, digits: str, *, at: object = AT) -> Finding:
    with write():
        return confirm_by_code(handle, digits, at=at)  # type: ignore[arg-type]  # a moment


def opened(token: str = "", *, browser: str = "", pressed: bool = False, at: object = AT) -> Finding:
    with write():
        return confirm_by_link(token or of_link(), browser=browser, pressed=pressed, at=at)  # type: ignore[arg-type]  # a moment


def of_link() -> str:
    return confirm_url(last_link()).rpartition("/")[2]


def wrong() -> str:
    """Return a code that no link has."""
    codes = {code_of(link) for link in db.session.query(MailedLink)}
    return next(digits for digits in ("000000", "111111", "222222") if digits not in codes)


def proofs() -> list[tuple[Deed, Method | None, int | None]]:
    return [(row.deed, row.method, row.asked_id) for row in db.session.query(Consent).order_by(Consent.id)]


def test_the_code_confirms(app: Flask) -> None:
    handle = asked_and_mailed()
    assert typed(handle, code(), at=AT + MINUTE) is IN
    assert the_subscriber().confirmed_at == AT + MINUTE
    assert proofs() == [(Deed.ASKED, None, None), (Deed.CONFIRMED, Method.CODE, 1)]


def test_the_proof_says_where_and_under_which_words_was_asked(app: Flask) -> None:
    typed(asked_and_mailed(), code(), at=AT + MINUTE)
    asking, confirming = db.session.query(Consent).order_by(Consent.id)
    for name in ("page", "place", "wording_id", "address", "hash", "subscriber_id"):
        assert getattr(confirming, name) == getattr(asking, name)
    assert (asking.at, confirming.at) == (AT, AT + MINUTE)


def test_the_link_in_the_browser_that_asked_confirms_by_itself(app: Flask) -> None:
    asked_and_mailed(browser="b1")
    assert opened(browser="b1") is IN
    assert proofs()[1:] == [(Deed.CONFIRMED, Method.SAME_BROWSER, 1)]


def test_the_link_in_another_browser_asks_for_the_button(app: Flask) -> None:
    asked_and_mailed(browser="b1")
    assert [opened(browser=browser) for browser in ("", "b2")] == [ASKS, ASKS]
    assert the_subscriber().confirmed_at is None
    assert opened(browser="b2", pressed=True) is IN
    assert proofs()[1:] == [(Deed.CONFIRMED, Method.BUTTON, 1)]


def test_a_browser_without_a_cookie_is_never_the_one_that_asked(app: Flask) -> None:
    asked_and_mailed(browser="")
    assert opened(browser="") is ASKS


def test_the_browser_of_any_request_for_the_address_counts(app: Flask) -> None:
    asked("dee@example.org", browser="mine")
    asked_and_mailed(browser="theirs")
    assert opened(browser="mine") is IN


def test_the_browser_of_somebody_else_does_not_count(app: Flask) -> None:
    asked("cy@example.org", browser="theirs")
    asked_and_mailed(browser="mine")
    assert opened(browser="theirs") is ASKS


def test_a_code_lives_for_an_hour_and_a_link_for_a_week(app: Flask) -> None:
    handle = asked_and_mailed()
    assert typed(handle, code(), at=AT + HOUR) is WORTHLESS
    assert look_at_link(of_link(), at=AT + 7 * DAY - SECOND) is ASKS
    assert look_at_link(of_link(), at=AT + 7 * DAY) is WORTHLESS
    assert opened(pressed=True, at=AT + 7 * DAY) is WORTHLESS
    assert typed(handle, code(), at=AT + HOUR - SECOND) is IN


def test_five_wrong_codes_make_the_right_one_worthless(app: Flask) -> None:
    handle = asked_and_mailed()
    assert [typed(handle, wrong()) for _ in range(5)] == [WORTHLESS] * 5
    assert typed(handle, code()) is WORTHLESS
    assert opened(pressed=True) is IN


def test_four_wrong_codes_leave_one_try(app: Flask) -> None:
    handle = asked_and_mailed()
    for _ in range(4):
        typed(handle, wrong())
    assert typed(handle, code()) is IN


def test_tries_count_per_code_whatever_handle_they_come_under(app: Flask) -> None:
    asked_and_mailed()
    for number in range(5):
        typed(asked(browser=f"x{number}"), wrong())
    assert (last_link().tries, typed(asked(), code())) == (5, WORTHLESS)


def test_a_second_mail_has_tries_of_its_own_and_the_first_stays_good(app: Flask) -> None:
    handle = asked_and_mailed()
    first = code()
    for _ in range(3):
        typed(handle, wrong())
    again = asked_and_mailed(at=AT + 15 * MINUTE)
    assert [link.tries for link in db.session.query(MailedLink).order_by(MailedLink.id)] == [3, 0]
    assert typed(again, first, at=AT + 16 * MINUTE) is IN


def test_a_wrong_code_costs_the_same_writes_where_there_is_none(app: Flask) -> None:
    with_mail, without = asked_and_mailed(), asked("cy@example.org")
    for handle in (with_mail, without):
        assert typed(handle, wrong()) is WORTHLESS
    assert [row.tries for row in db.session.query(SignupRequest).order_by(SignupRequest.id)] == [1, 1]


def test_the_code_of_somebody_else_is_worthless(app: Flask) -> None:
    asked_and_mailed()
    stolen = code()
    assert typed(asked_and_mailed("cy@example.org"), stolen) is WORTHLESS


@pytest.mark.parametrize("handle", ["", "x", "A" * 30])
def test_a_code_without_a_handle_of_ours_is_worthless(app: Flask, handle: str) -> None:
    asked_and_mailed()
    assert typed(handle, code()) is WORTHLESS
    assert last_link().tries == 0


def test_the_same_code_or_link_again_finds_the_person_in_and_writes_nothing(app: Flask) -> None:
    handle = asked_and_mailed()
    typed(handle, code())
    before = proofs()
    assert typed(handle, code(), at=AT + MINUTE) is IN
    assert opened(at=AT + DAY) is IN
    assert look_at_link(of_link(), at=AT + 30 * DAY) is IN
    assert (proofs(), the_subscriber().confirmed_at) == (before, AT)


def test_a_confirmation_uses_up_every_mail_of_the_address(app: Flask) -> None:
    asked_and_mailed()
    older = of_link()
    handle = asked_and_mailed(at=AT + 15 * MINUTE)
    typed(handle, code(), at=AT + 15 * MINUTE)
    assert opened(older, pressed=True, at=AT + DAY) is IN
    with write():
        leave(the_subscriber(), Method.PAGE, at=AT + DAY)
    assert opened(older, pressed=True, at=AT + 2 * DAY) is WORTHLESS
    assert is_suppressed(the_subscriber().hash)


def test_what_was_used_before_leaving_brings_nobody_back(app: Flask) -> None:
    handle = asked_and_mailed()
    typed(handle, code())
    with write():
        leave(the_subscriber(), Method.PAGE, at=AT + MINUTE)
    assert typed(handle, code(), at=AT + 2 * MINUTE) is WORTHLESS
    assert look_at_link(of_link(), at=AT + 2 * MINUTE) is WORTHLESS
    assert the_subscriber().left_at == AT + MINUTE


def test_what_was_asked_for_before_leaving_brings_nobody_back(app: Flask) -> None:
    handle = asked_and_mailed()
    with write():
        leave(the_subscriber(), Method.PAGE, at=AT + MINUTE)
    assert typed(handle, code(), at=AT + 2 * MINUTE) is WORTHLESS
    assert opened(pressed=True, browser="b1", at=AT + 2 * MINUTE) is WORTHLESS


def test_an_address_that_is_suppressed_without_a_subscriber_is_not_revived_by_an_older_request(
    app: Flask,
) -> None:
    asked_and_mailed()
    with write():
        suppress(the_subscriber().hash, "complained", at=AT + MINUTE)
    assert opened(pressed=True, at=AT + 2 * MINUTE) is WORTHLESS


def test_a_fresh_confirmed_signup_brings_back_whoever_left(app: Flask) -> None:
    typed(asked_and_mailed(), code())
    with write():
        one = the_subscriber()
        one.paused_until, one.bounce_score = AT + 90 * DAY, 4
        leave(one, Method.PAGE, at=AT + DAY)
    handle = asked_and_mailed(at=AT + 2 * DAY)
    assert typed(handle, code(), at=AT + 2 * DAY) is IN
    one = the_subscriber()
    assert (one.confirmed_at, one.left_at, one.paused_until, one.bounce_score) == (
        AT + 2 * DAY,
        None,
        None,
        0,
    )
    assert not is_suppressed(one.hash)


def test_whoever_confirmed_is_welcomed(app: Flask) -> None:
    typed(asked_and_mailed(), code())
    assert mails("welcome") == [("welcome", "dee@example.org")]


def test_a_link_of_no_one_is_worthless(app: Flask) -> None:
    for token in ("", "x", "A" * 30, "A" * 500):
        assert look_at_link(token, at=AT) is WORTHLESS
