"""The moment an issue starts: who gets it and what it says are frozen, in one transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, literal

from blog.lib.db import db
from blog.newsletter.models import Issue, Subscriber
from blog.outbox.models import Batch, Delivery, State

from .reaching import audience

LETTER = "letter"
"""The kind of mail that carries an issue (letters.py)."""


def start(issue: Issue, frozen: dict[str, Any], *, at: datetime) -> int:
    """Freeze the issue's words and choose its recipients; return how many. Call inside write().

    From here on nothing about it changes but what becomes of each delivery: who signs up now is not among
    them, who leaves now gets nothing all the same.
    """
    batch = Batch(kind=LETTER, made_at=at)
    db.session.add(batch)
    db.session.flush()
    issue.batch_id, issue.started_at, issue.frozen = batch.id, at, frozen
    db.session.flush()
    chosen = _choose(issue.id, batch.id, at)
    if not chosen:
        batch.done_at = issue.done_at = at
    return chosen


def _choose(issue: int, batch: int, at: datetime) -> int:
    """Write a row of the ledger for everyone who is reachable: one statement, however many there are."""
    row: dict[Any, Any] = {
        Delivery.kind: literal(LETTER),
        Delivery.urgent: literal(False),
        Delivery.batch_id: literal(batch),
        Delivery.recipient_id: Subscriber.id,
        Delivery.about_id: literal(issue),
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
    people = audience(issue, at).with_only_columns(*row.values()).order_by(Subscriber.id)
    done = db.session.execute(insert(Delivery).from_select(list(row), people, include_defaults=False))
    return int(done.rowcount)  # type: ignore[attr-defined]  # an INSERT's result has one
