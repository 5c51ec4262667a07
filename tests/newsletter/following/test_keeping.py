"""Following begins with the reader's own click and ends after a year, or by a link that never fails."""

import datetime as dt

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.following.keeping import FOLLOWS_FOR, followed_by, stop, stop_url
from blog.newsletter.models import MailedLink

from .wishing import DAY, NOON, dee, follow, follows, publish, the_article


@pytest.fixture(autouse=True)
def ready(app: Flask) -> None:
    """Let there be something to follow."""
    publish()


def test_a_follower_knows_what_there_is_to_know() -> None:
    with write():
        the_article().updated_at = NOON - DAY
        the_article().reviewed_on = dt.date(2026, 3, 1)
    follow()
    (kept,) = follows()
    assert (kept.subscriber_id, kept.asked_at, kept.ends_at) == (dee().id, NOON, NOON + FOLLOWS_FOR)
    assert kept.known_change == "2026-03-01T12:00:00.000000 2026-03-01"
    assert db.session.query(MailedLink).one().used_at == NOON


def test_what_is_only_planned_is_not_known() -> None:
    with write():
        the_article().updated_at = NOON + DAY
        the_article().reviewed_on = dt.date(2026, 3, 3)
    follow()
    assert follows()[0].known_change == "-" * 26 + " " + "-" * 10


def test_following_again_begins_a_new_year() -> None:
    follow()
    with write():
        follows()[0].ends_at = NOON + DAY
    follow(NOON + 2 * DAY)
    assert [kept.ends_at for kept in follows()] == [NOON + 2 * DAY + FOLLOWS_FOR]


def test_the_link_that_stops_works_again_and_again_and_for_nothing_else() -> None:
    follow()
    url = stop_url(dee(), the_article().id)
    token = url.removeprefix("https://journal.example.org/newsletter/preferences/unfollow/")
    followed = followed_by(token)
    assert followed == (dee().id, the_article().id)
    with write():
        stop(*followed)
        stop(*followed)
    assert (follows(), followed_by(token)) == ([], followed)
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "x" * 38, ""):
        assert followed_by(wrong) is None
