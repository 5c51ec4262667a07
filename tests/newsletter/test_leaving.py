"""Leaving acts at once and for good; its undo takes back that leaving and nothing else."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.db import db, write
from blog.newsletter.leaving import UNDO, come_back, leave, leave_again, may_come_back
from blog.newsletter.models import Consent, Deed, Method, Subscriber
from blog.outbox.models import Suppression
from blog.outbox.remembering import Event
from blog.outbox.suppressing import is_suppressed, suppress
from tests.subscribers import confirmed, pending

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def dee(app: Flask) -> Subscriber:
    """Return Dee, who is subscribed."""
    with write() as session:
        session.add(confirmed())
    return db.session.scalars(select(Subscriber)).one()


def deeds() -> list[tuple[Deed, Method | None, datetime]]:
    db.session.rollback()
    rows = db.session.scalars(select(Consent).order_by(Consent.id))
    return [(row.deed, row.method, row.at) for row in rows]


def test_who_leaves_is_out_suppressed_and_on_record(dee: Subscriber) -> None:
    with write():
        leave(dee, Method.ONE_CLICK, at=AT)
    assert (dee.left_at, is_suppressed(dee.hash)) == (AT, True)
    assert deeds() == [(Deed.LEFT, Method.ONE_CLICK, AT)]


def test_leaving_again_changes_nothing(dee: Subscriber) -> None:
    for later in range(3):
        with write():
            leave(dee, Method.PAGE, at=AT + later * SECOND)
    assert (dee.left_at, deeds()) == (AT, [(Deed.LEFT, Method.PAGE, AT)])


def test_a_complaint_of_somebody_who_had_left_outranks_the_leaving(dee: Subscriber) -> None:
    with write():
        leave(dee, Method.PAGE, at=AT)
    with write():
        leave(dee, Method.COMPLAINT, at=AT + SECOND, reason="complained")
    assert db.session.get_one(Suppression, dee.hash).reason == "complained"
    assert may_come_back(dee, AT + SECOND) is False


@pytest.mark.parametrize(
    ("after", "possible"), [(0 * SECOND, True), (UNDO, True), (UNDO + SECOND, False), (-SECOND, False)]
)
def test_leaving_can_be_taken_back_for_half_an_hour(
    dee: Subscriber, after: timedelta, possible: bool
) -> None:
    with write():
        leave(dee, Method.PAGE, at=AT)
    with write():
        assert come_back(dee, at=AT + after) is possible
    assert ((dee.left_at is None), is_suppressed(dee.hash)) == (possible, not possible)
    assert [deed for deed, _, _ in deeds()] == [Deed.LEFT, Deed.CAME_BACK][: 2 if possible else 1]


@pytest.mark.parametrize("reason", ["bounced", "complained", "erased"])
def test_no_undo_lifts_what_was_not_a_leaving(dee: Subscriber, reason: str) -> None:
    with write():
        leave(dee, Method.PAGE, at=AT)
        suppress(dee.hash, reason, at=AT)
    with write():
        assert come_back(dee, at=AT + SECOND) is False
    assert is_suppressed(dee.hash) is True


def test_an_undo_lifts_no_earlier_leaving_of_the_same_address(dee: Subscriber) -> None:
    with write():
        suppress(dee.hash, "left", at=AT - timedelta(days=9))
        dee.left_at = AT
    with write():
        assert come_back(dee, at=AT + SECOND) is False


def test_who_never_confirmed_cannot_come_back(app: Flask) -> None:
    with write() as session:
        cy = pending()
        session.add(cy)
        session.flush()
        leave(cy, Method.PAGE, at=AT)
    assert may_come_back(cy, AT) is False


@pytest.mark.parametrize(
    ("reason", "method"),
    [("left", None), ("bounced", Method.BOUNCE), ("complained", Method.COMPLAINT)],
)
def test_whom_an_older_database_holds_as_subscribed_is_taken_out_again(
    dee: Subscriber, reason: str, method: Method | None
) -> None:
    with write():
        leave_again(Event(dee.hash, reason, AT))
    assert (dee.left_at, deeds()) == (AT, [(Deed.LEFT, method, AT)])
    with write():
        leave_again(Event(dee.hash, reason, AT + SECOND))
    assert dee.left_at == AT
