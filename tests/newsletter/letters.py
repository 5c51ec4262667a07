"""Letters that were sent to subscribers, for tests of what comes back."""

from datetime import datetime
from typing import Any

from blog.lib.db import db
from blog.newsletter.models import Subscriber
from blog.outbox.models import Batch, Delivery, State
from tests.outbox.returned import OURS
from tests.subscribers import LONG_AGO


def letter_to(subscriber: Subscriber, *, at: datetime = LONG_AGO, **fields: Any) -> Delivery:
    """Add a letter that was sent to the subscriber. Call inside write()."""
    batch = Batch(kind="letter", made_at=at)
    db.session.add_all([subscriber, batch])
    db.session.flush()
    values = {
        "kind": "letter",
        "urgent": False,
        "batch_id": batch.id,
        "recipient_id": subscriber.id,
        "hash": subscriber.hash,
        "domain": (subscriber.key or "").rpartition("@")[2],
        "made_at": at,
        "next_try_at": at,
        "state": State.SENT,
        "message_id": OURS,
        "settled_at": at,
    }
    delivery = Delivery(**values | fields)
    db.session.add(delivery)
    db.session.flush()
    return delivery
