"""Asking to follow: the same for every address; only confirmed readers get a mail, and few of them."""

from datetime import timedelta

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.following import asking
from blog.newsletter.following.asking import answer_wishes
from blog.newsletter.models import FollowRequest, MailedLink, Purpose
from blog.outbox.kinds import KINDS
from blog.outbox.models import Delivery
from blog.outbox.suppressing import suppress
from tests.building import article, save
from tests.subscribers import confirmed, pending

from .wishing import DAY, NOON, ask, dee, follow, publish, the_article


@pytest.fixture(autouse=True)
def ready(app: Flask) -> None:
    """Let there be something to follow."""
    publish()


def mails() -> list[str]:
    db.session.rollback()
    return [row.address for row in db.session.query(Delivery).filter_by(kind="wish").order_by(Delivery.id)]


def answer(at: object = NOON) -> None:
    with held_at(at):  # type: ignore[arg-type]  # a moment
        answer_wishes()


def test_a_confirmed_reader_gets_a_link_and_the_request_is_forgotten() -> None:
    ask()
    answer()
    link = db.session.query(MailedLink).one()
    assert (link.subscriber_id, link.purpose, link.data) == (
        dee().id,
        Purpose.FOLLOW,
        {"article": the_article().id},
    )
    assert (mails(), db.session.query(FollowRequest).count()) == (["dee@example.org"], 0)
    with held_at(NOON):
        letter = KINDS["wish"].compose(db.session.query(Delivery).one())
    assert letter is not None
    assert "https://journal.example.org/newsletter/preferences/follow/" in letter.text
    assert "Sleep and memory" in letter.text


def test_nobody_else_gets_anything() -> None:
    left = confirmed("left@example.org")
    save(pending(), left, confirmed("gone@example.org", left_at=NOON))
    with write():
        suppress(left.hash, "left", at=NOON)
    for email in ("stranger@example.org", "cy@example.org", "left@example.org", "gone@example.org"):
        ask(email)
    answer()
    assert (mails(), db.session.query(FollowRequest).count()) == ([], 0)


def test_asking_writes_one_row_for_any_address_and_never_the_address() -> None:
    for email in ("dee@example.org", "stranger@example.org", "dee@example.org"):
        ask(email)
    rows = db.session.query(FollowRequest).all()
    assert [len(row.hash) for row in rows] == [64, 64]


def test_who_follows_already_gets_no_further_mail() -> None:
    follow()
    ask()
    answer()
    assert len(mails()) == 1


def test_a_reader_gets_at_most_three_a_day() -> None:
    save(*(article(f"Number {number}") for number in range(4)))
    for number in db.session.scalars(db.text("SELECT id FROM article")).all():
        with write() as session:
            session.add(FollowRequest(hash=dee().hash, article_id=number, asked_at=NOON))
    answer()
    assert len(mails()) == 3
    ask()
    answer(NOON + DAY + timedelta(seconds=1))
    assert len(mails()) == 4


def test_over_the_cap_of_an_hour_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_AN_HOUR", 1)
    save(confirmed("eve@example.org"))
    ask()
    answer()
    ask("eve@example.org")
    answer(NOON + timedelta(minutes=59))
    assert mails() == ["dee@example.org"]
    answer(NOON + timedelta(minutes=61))
    assert mails() == ["dee@example.org", "eve@example.org"]


def test_the_link_is_not_mailed_when_it_is_old_or_the_article_is_gone() -> None:
    ask()
    answer()
    delivery = db.session.query(Delivery).one()
    with held_at(NOON + timedelta(hours=2)):
        assert KINDS["wish"].compose(delivery) is None
    with write():
        the_article().published_at = None
    with held_at(NOON):
        assert KINDS["wish"].compose(db.session.query(Delivery).one()) is None
