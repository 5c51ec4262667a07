"""Leaving the newsletter: at once, for good, until a fresh confirmed signup, or its undo within half an hour."""

from datetime import datetime, timedelta

from sqlalchemy import select

from blog.lib.db import db
from blog.outbox.models import Suppression
from blog.outbox.remembering import Event
from blog.outbox.suppressing import lift, suppress

from .erasing import erase_again, hashes_of
from .models import Deed, Method, Subscriber
from .recording import record

UNDO = timedelta(minutes=30)
"""For so long the page of leaving offers to take it back."""


def leave(subscriber: Subscriber, method: Method, *, at: datetime, reason: str = "left") -> None:
    """Take the subscriber out and suppress the address. Who is out already stays so. Call inside write().

    Reason: left, bounced or complained. Who leaves is out at every earlier address, too: an older database, or an
    older list, may still hold them there.
    """
    for hashed in sorted(hashes_of(subscriber)) if reason == "left" else (subscriber.hash,):
        suppress(hashed, reason, at=at)
    if subscriber.left_at is None:
        subscriber.left_at = at
        record(subscriber, Deed.LEFT, method, at=at)


def may_come_back(subscriber: Subscriber, at: datetime) -> bool:
    """Tell whether leaving can be taken back at this moment.

    It must be what suppresses the address, so that an undo never lifts what a bounce, a complaint or an erasure did.
    """
    left = subscriber.left_at
    if left is None or subscriber.erased_at or subscriber.confirmed_at is None:
        return False
    return _is_out_since(subscriber.hash, left) and timedelta(0) <= at - left <= UNDO


def come_back(subscriber: Subscriber, *, at: datetime) -> bool:
    """Take leaving back and tell whether that was possible; the one exception to suppression. Call inside write()."""
    left = subscriber.left_at
    if left is None or not may_come_back(subscriber, at):
        return False
    subscriber.left_at = None
    for hashed in sorted(hashes_of(subscriber)):
        if _is_out_since(hashed, left):
            lift(hashed, at=at)
    record(subscriber, Deed.CAME_BACK, Method.PAGE, at=at)
    return True


def leave_again(event: Event) -> None:
    """Take out again whom an older database still holds as subscribed, or erase again. Call inside write()."""
    if event.reason == "erased":
        erase_again(event)
        return
    methods = {"bounced": Method.BOUNCE, "complained": Method.COMPLAINT}
    subscribed = select(Subscriber).where(Subscriber.hash == event.hash, Subscriber.left_at.is_(None))
    for subscriber in db.session.scalars(subscribed):
        subscriber.left_at = event.at
        note = "known from the file of suppressed addresses"
        record(subscriber, Deed.LEFT, methods.get(event.reason), at=event.at, note=note)


def _is_out_since(hashed: str, left: datetime) -> bool:
    """Tell whether it was this leaving that suppressed the address, and no earlier one, no bounce, no complaint."""
    row = db.session.get(Suppression, hashed)
    return row is not None and row.lifted_at is None and row.reason == "left" and row.at >= left
