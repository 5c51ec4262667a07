"""Rows of a list become subscribers, or addresses that are left alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from blog.lib.db import db
from blog.lib.tokens import hash_of_token
from blog.newsletter.leaving import leave
from blog.newsletter.links import leave_token_of
from blog.newsletter.models import Consent, Deed, Method, Subscriber, SubscriberImport, SubscriberTopic
from blog.outbox.standing import new_seed
from blog.outbox.suppressing import suppress

from .deciding import Bucket, Known
from .rows import Standing
from .staging import Staged

_REASONS = {Standing.LEFT: "left", Standing.BOUNCED: "bounced", Standing.COMPLAINED: "complained"}
Ids = dict[str, int]
"""Slugs of categories and their numbers."""


def load(
    decided: list[tuple[Staged, Bucket]], known: Known, brought: SubscriberImport, ids: Ids, at: datetime
) -> None:
    """Write what was decided for some rows. Call inside write(), in which it was decided."""
    added = [staged for staged, bucket in decided if bucket is Bucket.ADDED]
    updated = [staged for staged, bucket in decided if bucket is Bucket.UPDATED]
    for staged, bucket in decided:
        if bucket is Bucket.TAKEN_OUT:
            _take_out(staged, known.subscribers.get(staged.hash), at)
    numbers = _add(added, brought, at) if added else {}
    for staged in updated:
        subscriber = known.subscribers[staged.hash]
        _confirm(subscriber, staged, brought, at)
        numbers[staged.hash] = subscriber.id
    if numbers:
        _keep_proof([*added, *updated], numbers, brought, at)
        _keep_topics([*added, *updated], numbers, ids)


def _take_out(staged: Staged, subscriber: Subscriber | None, at: datetime) -> None:
    """Leave an address alone; of one that was not known here nothing but the hash is kept."""
    reason = _REASONS[staged.row.standing]
    if subscriber and subscriber.left_at is None:
        leave(subscriber, Method.IMPORT, at=at, reason=reason)
    else:
        suppress(staged.hash, reason, at=at)


def _add(added: list[Staged], brought: SubscriberImport, at: datetime) -> dict[str, int]:
    values = [_subscriber(staged, brought, at) for staged in added]
    rows = db.session.execute(insert(Subscriber).returning(Subscriber.hash, Subscriber.id), values)
    return dict(rows.all())


def _subscriber(staged: Staged, brought: SubscriberImport, at: datetime) -> dict[str, Any]:
    row, seed = staged.row, new_seed()
    asked = row.asked_at or row.confirmed_at or at
    return {
        "address": row.address.typed,
        "key": row.address.key,
        "hash": staged.hash,
        "seed": seed,
        "leave_hash": hash_of_token(leave_token_of(seed)),
        "asked_at": asked,
        "asked_again_at": asked,
        "confirmed_at": row.confirmed_at or at,
        "paused_until": row.paused_until,
        "all_topics": row.topics is None,
        "import_id": brought.id,
    }


def _confirm(subscriber: Subscriber, staged: Staged, brought: SubscriberImport, at: datetime) -> None:
    subscriber.confirmed_at = staged.row.confirmed_at or at
    subscriber.import_id = brought.id
    subscriber.all_topics = staged.row.topics is None
    subscriber.paused_until = staged.row.paused_until


def _keep_proof(
    taken: list[Staged], numbers: dict[str, int], brought: SubscriberImport, at: datetime
) -> None:
    proofs = [
        {
            "subscriber_id": numbers[staged.hash],
            "deed": Deed.IMPORTED,
            "method": Method.IMPORT,
            "at": at,
            "address": staged.row.address.typed,
            "hash": staged.hash,
            "note": staged.row.basis or brought.basis,
        }
        for staged in taken
    ]
    db.session.execute(insert(Consent), proofs)


def _keep_topics(taken: list[Staged], numbers: dict[str, int], ids: Ids) -> None:
    chosen = [
        SubscriberTopic(subscriber_id=numbers[staged.hash], category_id=ids[slug])
        for staged in taken
        for slug in staged.row.topics or ()
    ]
    for topic in chosen:
        db.session.merge(topic)  # somebody who waited may have chosen before
