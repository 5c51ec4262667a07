"""An address gets few mails about signing up, however often and from wherever somebody asks."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method
from blog.outbox.models import Delivery, State
from tests.newsletter.asking import (
    AT,
    DAY,
    HOUR,
    MINUTE,
    answers,
    asked,
    asked_and_mailed,
    delivered,
    mails,
    the_subscriber,
    worked,
)
from tests.subscribers import confirmed

CONFIRMATION = ("confirmation", "dee@example.org")


def count_after(*requests: tuple[datetime, str]) -> int:
    """Return how many mails these requests lead to: each a moment and the browser that asks."""
    for at, browser in requests:
        asked_and_mailed(at=at, browser=browser)
    return len(mails())


def test_the_second_mail_of_a_day_goes_ten_minutes_after_the_first_to_the_browser_that_signed_up(
    app: Flask,
) -> None:
    assert count_after((AT, "b1"), (AT + 10 * MINUTE, "b1")) == 2


@pytest.mark.parametrize(
    ("after", "browser", "reason"),
    [
        (timedelta(0), "b1", "it got a mail a moment ago"),
        (10 * MINUTE - timedelta(seconds=1), "b1", "it got a mail a moment ago"),
        (10 * MINUTE, "b2", "it got a mail today, and another browser asked"),
        (10 * MINUTE, "", "it got a mail today, and another browser asked"),
        (23 * HOUR, "b2", "it got a mail today, and another browser asked"),
    ],
)
def test_no_second_mail_goes_sooner_or_for_another_browser(
    app: Flask, after: timedelta, browser: str, reason: str
) -> None:
    assert count_after((AT, "b1"), (AT + after, browser)) == 1
    assert answers() == ["mailed", reason]


def test_a_browser_without_a_cookie_is_no_browser_that_signed_up(app: Flask) -> None:
    assert count_after((AT, ""), (AT + 10 * MINUTE, "")) == 1


def test_there_is_no_third_mail_in_24_hours(app: Flask) -> None:
    times = [AT + hour * HOUR for hour in range(24)]
    assert count_after(*((at, "b1") for at in times)) == 2
    assert answers()[2:] == ["it got enough mail"] * 22


def test_after_24_hours_any_browser_gets_one(app: Flask) -> None:
    assert count_after((AT, "b1"), (AT + DAY, "b2")) == 2


def test_there_are_four_mails_in_thirty_days_and_then_more_again(app: Flask) -> None:
    times = [AT + day * DAY for day in range(30)]
    assert count_after(*((at, f"b{number}") for number, at in enumerate(times))) == 4
    assert count_after((AT + 30 * DAY, "b1")) == 5


def test_a_day_begins_when_the_mail_was_sent_not_when_it_was_queued(app: Flask) -> None:
    asked()
    worked()
    delivered(AT + 20 * HOUR)
    assert count_after((AT + 25 * HOUR, "b2")) == 1


@pytest.mark.parametrize("state", [State.QUEUED, State.CLAIMED, State.DELIVERING])
def test_while_a_mail_is_under_way_no_other_goes(app: Flask, state: State) -> None:
    asked()
    worked()
    with write() as session:
        session.query(Delivery).update({"state": state})
    asked(at=AT + 2 * DAY)
    worked(AT + 2 * DAY)
    assert (mails(), answers()) == ([CONFIRMATION], ["mailed", "its mail is under way"])


def test_an_address_that_is_confirmed_gets_another_mail_under_the_same_caps(app: Flask) -> None:
    with write() as session:
        session.add(confirmed())
    for minutes, browser in ((0, "b1"), (5, "b1"), (10, "b2"), (15, "b1"), (30, "b1")):
        asked_and_mailed(at=AT + minutes * MINUTE, browser=browser)
    assert mails() == [("already", "dee@example.org")] * 2
    assert [answer == "mailed" for answer in answers()] == [True, False, False, True, False]


def test_whoever_left_may_ask_again_under_the_same_caps(app: Flask) -> None:
    with write() as session:
        session.add(confirmed())
        session.flush()
        leave(the_subscriber(), Method.PAGE, at=AT - DAY)
    assert count_after((AT, "b1"), (AT + MINUTE, "b1"), (AT + HOUR, "b2")) == 1
    assert mails() == [CONFIRMATION]


def test_the_caps_are_of_the_address_whatever_became_of_its_row(app: Flask) -> None:
    asked_and_mailed()
    with write():
        one = the_subscriber()
        one.address = one.key = None
        one.erased_at = AT
    asked_and_mailed(at=AT + MINUTE)
    asked_and_mailed(at=AT + HOUR, browser="b2")
    assert len(mails()) == 1
    assert db.session.query(Delivery).count() == 1
