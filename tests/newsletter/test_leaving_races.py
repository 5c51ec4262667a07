"""Leaving and sending meet five hundred times: a letter is under way before the leaving, or it is never sent."""

import threading
from datetime import UTC, datetime
from random import Random

from flask import Flask
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.links import leave_token_of, subscriber_who_may_leave
from blog.newsletter.models import Method, Subscriber
from blog.newsletter.queries import may_get_letters
from blog.outbox.models import Batch, Delivery, State
from blog.outbox.suppressing import suppress
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
RACES = 500


def test_in_every_race_the_letter_went_before_the_leaving_or_not_at_all(app: Flask) -> None:
    tokens, order = issue(RACES), list[tuple[str, int]]()
    leaving = threading.Thread(target=leave_all, args=(app, tokens, order))
    sending = threading.Thread(target=send_all, args=(app, order))
    for thread in (leaving, sending):
        thread.start()
    for thread in (leaving, sending):
        thread.join(120)
    db.session.rollback()
    states = {row.recipient_id or 0: row.state for row in db.session.scalars(select(Delivery))}
    left = {whose: place for place, (what, whose) in enumerate(order) if what == "left"}
    sent = {whose: place for place, (what, whose) in enumerate(order) if what == "delivering"}
    assert len(left) == RACES
    late = [whose for whose, place in sent.items() if place > left[whose]]
    assert late == []
    assert {whose for whose, state in states.items() if state is State.DELIVERING} == set(sent)
    assert sorted(
        sent.keys() | {who for who, state in states.items() if state is State.SUPPRESSED}
    ) == sorted(left)


def issue(count: int) -> list[str]:
    """Freeze an issue for so many people; return their leave tokens."""
    with write() as session:
        batch = Batch(kind="letter", made_at=AT)
        people = [confirmed(f"reader-{number}@example.org") for number in range(count)]
        session.add_all([batch, *people])
        session.flush()
        session.add_all(
            Delivery(
                kind="letter", urgent=False, batch_id=batch.id, recipient_id=one.id, hash=one.hash,
                domain="example.org", made_at=AT, next_try_at=AT,
            )
            for one in people
        )  # fmt: skip
        return [leave_token_of(one.seed) for one in people]


def leave_all(app: Flask, tokens: list[str], order: list[tuple[str, int]]) -> None:
    """Let everybody leave, each in a transaction of their own."""
    with app.app_context():
        for token in tokens:
            with write():
                subscriber = subscriber_who_may_leave(token)
                assert subscriber is not None
                leave(subscriber, Method.ONE_CLICK, at=now())
                order.append(
                    ("left", subscriber.id)
                )  # in the order of the commits: the writers' lock is held
        db.session.remove()


def send_all(app: Flask, order: list[tuple[str, int]]) -> None:
    """Do what the outbox does: say "delivering" in a transaction that asks whether the letter may still go."""
    with app.app_context():
        numbers = list(db.session.scalars(select(Delivery.id)))
        for number in Random(7).sample(numbers[: RACES // 2], RACES // 2) + numbers[RACES // 2 :]:
            with write() as session:
                delivery = session.get_one(Delivery, number)
                if may_get_letters(delivery):
                    delivery.state = State.DELIVERING
                    order.append(("delivering", delivery.recipient_id or 0))
                else:
                    delivery.state = State.SUPPRESSED
        db.session.remove()


def test_who_pauses_or_whose_old_address_is_suppressed_gets_no_letter_any_more(app: Flask) -> None:
    issue(3)
    paused, moved, there = db.session.scalars(select(Subscriber).order_by(Subscriber.id))
    with write():
        paused.paused_until = datetime(2199, 1, 1, tzinfo=UTC)
        suppress("0" * 64, "complained", at=AT)
        frozen = select(Delivery).where(Delivery.recipient_id == moved.id)
        db.session.scalars(frozen).one().hash = "0" * 64  # of the address that the subscriber had then
    with write():
        found = {row.recipient_id: may_get_letters(row) for row in db.session.scalars(select(Delivery))}
    assert found == {paused.id: False, moved.id: False, there.id: True}
