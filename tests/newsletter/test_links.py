"""Links open what they were mailed for, for as long as they should, whatever key the site signs with now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.links import (
    PREFERENCE_DAYS,
    fresh_link,
    fresh_url,
    leave_url,
    preferences_url,
    subscriber_who_may_choose,
    subscriber_who_may_leave,
)
from blog.newsletter.models import MailedLink, Purpose, Subscriber
from blog.outbox.standing import new_seed
from tests.conftest import Start, environment_in
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def dee(app: Flask) -> Subscriber:
    """Return Dee, who is subscribed."""
    with write() as session:
        session.add_all([confirmed(), confirmed("cy@example.org")])
    return db.session.scalars(select(Subscriber)).first()  # type: ignore[return-value]  # she was just added


def token(url: str) -> str:
    return url.rpartition("/")[2]


def test_links_are_absolute_addresses_of_the_site(dee: Subscriber) -> None:
    assert leave_url(dee).rpartition("/")[0] == "https://journal.example.org/newsletter/leave"
    found = preferences_url(dee, AT).rpartition("/")[0]
    assert found == "https://journal.example.org/newsletter/preferences"


def test_a_leave_link_finds_its_subscriber_and_no_other_text_does(dee: Subscriber) -> None:
    leave = token(leave_url(dee))
    assert subscriber_who_may_leave(leave) is dee
    wrong = (
        "",
        leave[:-1],
        leave + "A",
        leave.swapcase(),
        dee.leave_hash,
        dee.seed,
        "ü",
        token(preferences_url(dee, AT)),
    )
    assert [subscriber_who_may_leave(text) for text in wrong] == [None] * 8  # fmt: skip


@pytest.mark.parametrize(
    ("passed", "opens"),
    [(0 * DAY, True), (PREFERENCE_DAYS * DAY, True), ((PREFERENCE_DAYS + 1) * DAY, False), (-2 * DAY, False)],
)
def test_a_link_to_the_preferences_is_good_for_ninety_days(
    dee: Subscriber, passed: timedelta, opens: bool
) -> None:
    found = subscriber_who_may_choose(token(preferences_url(dee, AT)), AT + passed)
    assert found is (dee if opens else None)


def test_an_erased_subscriber_has_no_preferences(dee: Subscriber) -> None:
    link = token(preferences_url(dee, AT))
    with write():
        dee.erased_at = AT
    assert subscriber_who_may_choose(link, AT) is None


def test_links_outlive_the_key_of_the_process(app: Flask, dee: Subscriber, start: Start) -> None:
    leave, choose = token(leave_url(dee)), token(preferences_url(dee, AT))
    rotated = start(replace(environment_in(app.config["INSTANCE"]), secret_key="a-new-key-after-rotation"))
    with rotated.app_context():
        found = subscriber_who_may_leave(leave), subscriber_who_may_choose(choose, AT)
        assert [one and one.address for one in found] == ["dee@example.org"] * 2
        db.session.remove()


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_fresh_link_is_good_for_its_own_purpose_alone(dee: Subscriber, purpose: Purpose) -> None:
    with write() as session, held_at(AT):
        link = MailedLink(subscriber_id=dee.id, purpose=purpose, made_at=AT, seed=new_seed(), data={})
        session.add(link)
    mailed = token(fresh_url(link))
    assert [one for one in Purpose if fresh_link(one, mailed)] == [purpose]
    assert subscriber_who_may_choose(mailed, AT) is None
    assert fresh_link(purpose, token(preferences_url(dee, AT))) is None


def test_a_number_given_anew_after_an_older_database_came_back_opens_nothing(dee: Subscriber) -> None:
    choose = token(preferences_url(dee, AT))
    with write():
        dee.seed = new_seed()
    assert subscriber_who_may_choose(choose, AT) is None
