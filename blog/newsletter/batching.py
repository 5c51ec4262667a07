"""A mail to many: a row of the ledger for everyone who is chosen, in one statement."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, insert, literal

from blog.lib.db import db
from blog.outbox.models import Batch, Delivery, State

from .models import Subscriber


def queue_for_all(kind: str, people: Select[Subscriber], *, about: int, at: datetime) -> tuple[Batch, int]:
    """Queue a mail of this kind to all of these subscribers; return the batch and how many there are.

    Call inside write(). A batch for nobody is done at once.
    """
    batch = Batch(kind=kind, made_at=at)
    db.session.add(batch)
    db.session.flush()
    row: dict[Any, Any] = {
        Delivery.kind: literal(kind),
        Delivery.urgent: literal(False),
        Delivery.batch_id: literal(batch.id),
        Delivery.recipient_id: Subscriber.id,
        Delivery.about_id: literal(about),
        Delivery.address: literal(""),
        Delivery.hash: Subscriber.hash,
        # No local part that we take has an @ of its own (lib/addresses.py).
        Delivery.domain: func.substr(Subscriber.key, func.instr(Subscriber.key, "@") + 1),
        Delivery.made_at: literal(at, Delivery.made_at.type),
        Delivery.state: literal(State.QUEUED, Delivery.state.type),
        Delivery.tries: literal(0),
        Delivery.next_try_at: literal(at, Delivery.next_try_at.type),
        Delivery.claim: literal(""),
        Delivery.message_id: literal(""),
        Delivery.answer: literal(""),
    }
    chosen = people.with_only_columns(*row.values()).order_by(Subscriber.id)
    done = db.session.execute(insert(Delivery).from_select(list(row), chosen, include_defaults=False))
    count = int(done.rowcount)  # type: ignore[attr-defined]  # an INSERT's result has one
    if not count:
        batch.done_at = at
    return batch, count
