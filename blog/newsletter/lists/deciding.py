"""What becomes of a row of a list, beside what is known here: suppression outranks everything."""

import enum
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from blog.lib.db import db
from blog.newsletter.models import Consent, Deed, Subscriber
from blog.outbox.models import Suppression

from .rows import Standing
from .staging import Staged


class Bucket(enum.StrEnum):
    """Where a row of a list ends: each in one."""

    ADDED = "added"
    UPDATED = "updated"
    """Waited here for their confirmation, which the list has."""
    UNCHANGED = "unchanged"
    SUPPRESSED = "suppressed"
    """Subscribed on the list, and out here."""
    TAKEN_OUT = "taken out"
    """Out on the list, and from now on out here."""
    UNCONFIRMED = "unconfirmed"
    """Never confirmed there: not taken in, and not mailed."""
    DUPLICATE = "duplicate"
    INVALID = "invalid"


WRITES = (Bucket.ADDED, Bucket.UPDATED, Bucket.TAKEN_OUT)


@dataclass(frozen=True)
class Known:
    """What is known here of the addresses of some rows, by their keyed hashes."""

    subscribers: dict[str, Subscriber]
    suppressions: dict[str, Suppression]
    confirmed_here: dict[int, datetime]
    """When a subscriber last confirmed, or came back, by their own deed."""


def known_of(hashes: list[str]) -> Known:
    """Look up what is known of these addresses; inside write() nobody changes it meanwhile."""
    having = select(Subscriber).where(Subscriber.hash.in_(hashes), Subscriber.key.is_not(None))
    subscribers = {row.hash: row for row in db.session.scalars(having)}
    suppressed = select(Suppression).where(Suppression.hash.in_(hashes))
    suppressions = {row.hash: row for row in db.session.scalars(suppressed)}
    own = (
        select(Consent.subscriber_id, func.max(Consent.at))
        .where(
            Consent.subscriber_id.in_([row.id for row in subscribers.values()]),
            Consent.deed.in_([Deed.CONFIRMED, Deed.CAME_BACK]),
        )
        .group_by(Consent.subscriber_id)
    )
    return Known(subscribers, suppressions, dict(db.session.execute(own).all()))


def decide(staged: Staged, known: Known) -> tuple[Bucket, str]:
    """Return what becomes of a row, and why."""
    row = staged.row
    if staged.decided_by != row.line:
        return Bucket.DUPLICATE, f"line {staged.decided_by} is about the same address"
    suppression = known.suppressions.get(staged.hash)
    subscriber = known.subscribers.get(staged.hash)
    is_out = suppression is not None and suppression.lifted_at is None
    if row.standing.is_out:
        return _out(staged, subscriber, suppression, known)
    if is_out or (subscriber and subscriber.left_at):
        return Bucket.SUPPRESSED, f"here: {suppression.reason if suppression else 'left'}"
    if row.standing is Standing.PENDING:
        if subscriber:
            return Bucket.UNCHANGED, "known here"
        return Bucket.UNCONFIRMED, "never confirmed on the list; they may sign up here"
    if subscriber is None:
        return Bucket.ADDED, "new here"
    if subscriber.confirmed_at:
        return Bucket.UNCHANGED, "subscribed here"
    return Bucket.UPDATED, "waited here for a confirmation"


def _out(
    staged: Staged, subscriber: Subscriber | None, suppression: Suppression | None, known: Known
) -> tuple[Bucket, str]:
    if suppression and suppression.lifted_at is None:
        return Bucket.UNCHANGED, "out here"
    came = known.confirmed_here.get(subscriber.id) if subscriber else None
    left = staged.row.left_at
    # Who left there, and later confirmed here, has changed their mind. Without a date only a suppression that was
    # lifted shows that they did.
    if came and (left < came if left else suppression is not None):
        return Bucket.UNCHANGED, "confirmed here since"
    return (
        Bucket.TAKEN_OUT,
        "subscribed here" if subscriber and not subscriber.left_at else staged.row.standing,
    )
