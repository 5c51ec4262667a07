"""Over the caps of the breaker requests wait, the team is told once, and the caps are settings."""

from datetime import timedelta

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.signup.breaker import domain_cap, network_cap, total_cap
from blog.outbox.models import Notice
from blog.settings.declaring import choose
from tests.newsletter.asking import AT, DAY, HOUR, MINUTE, asked, mails, worked

KEYS = (network_cap.key, domain_cap.key, total_cap.key)


def chosen(**caps: str) -> None:
    with write():
        choose("mail.team", "ann@example.org")
        for name, value in caps.items():
            choose(f"newsletter.mails_per_{name}", value)


def ask_many(count: int, *, domain: str = "example.org", network: str = "") -> None:
    for number in range(count):
        asked(f"dee{number}@{domain}", network=network or f"n{number}")


def notices() -> list[tuple[str, bool]]:
    rows = db.session.query(Notice).filter_by(key="newsletter.breaker")
    return [(row.key, row.over_at is not None) for row in rows]


@pytest.mark.parametrize("name", ["network_hour", "domain_hour", "hour"])
def test_each_cap_is_a_setting(app: Flask, name: str) -> None:
    chosen(**{name: "3"})
    ask_many(5, network="school")
    worked()
    assert len(mails("confirmation")) == 3


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("typed", ["0", "-1", "", "many", "1.5", "²", "9" * 5000])
def test_a_cap_is_a_whole_number(app: Flask, key: str, typed: str) -> None:
    with pytest.raises(Refused, match=r"^Write a whole number, at least 1\.$"), write():
        choose(key, typed)


def test_the_team_is_told_once_however_many_wait(app: Flask) -> None:
    chosen(hour="3")
    ask_many(30)
    for step in range(10):
        worked(AT + step * MINUTE)
    assert (mails("notice"), notices()) == (
        [("notice", "ann@example.org")],
        [("newsletter.breaker", False)],
    )


def test_whoever_asks_for_much_makes_no_notice(app: Flask) -> None:
    asked(later=True)
    worked()
    assert notices() == []


def test_the_team_is_told_again_after_a_quiet_day(app: Flask) -> None:
    chosen(hour="3")
    ask_many(5)
    for step in range(12):
        worked(AT + step * HOUR)
    assert notices() == [("newsletter.breaker", False)]
    worked(AT + 2 * DAY)
    assert notices() == [("newsletter.breaker", True)]


def test_those_who_wait_get_half_of_the_hour_so_that_others_still_get_theirs(app: Flask) -> None:
    chosen(hour="240")
    for number in range(300):
        asked(f"dee@place{number}.example", network=f"n{number}", later=True)
    for step in range(240):
        worked(AT + step * timedelta(seconds=15))
    assert len(mails("confirmation")) == 120
    asked("cy@example.org")
    worked(AT + HOUR)
    assert mails("confirmation")[120] == ("confirmation", "cy@example.org")
