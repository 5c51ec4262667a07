"""Whoever confirmed is welcomed once, unless the team wants no such mail."""

from flask import Flask

from blog.lib.db import write
from blog.newsletter.signup.welcoming import welcome
from blog.settings.declaring import choose
from tests.newsletter.asking import AT, DAY, mails, the_subscriber
from tests.subscribers import confirmed


def welcomed(*days: int) -> int:
    with write() as session:
        session.add(confirmed())
    for day in days:
        with write():
            welcome(the_subscriber(), at=AT + day * DAY)
    return len(mails("welcome"))


def test_it_is_one_mail(app: Flask) -> None:
    assert welcomed(0) == 1


def test_whoever_confirms_again_within_thirty_days_is_not_welcomed_again(app: Flask) -> None:
    assert welcomed(0, 10, 29) == 1


def test_after_thirty_days_they_are(app: Flask) -> None:
    assert welcomed(0, 30) == 2


def test_it_can_be_turned_off(app: Flask) -> None:
    with write():
        choose("newsletter.welcome", "off")
    assert welcomed(0) == 0
