"""The ledger at work in tests: an application whose mail goes to a server of the tests, and letters to send."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.outbox import running
from blog.outbox.kinds import KINDS, Kind, Letter, declare_kind, nothing_follows
from blog.outbox.models import Batch, Delivery, State
from blog.outbox.posting import post
from blog.outbox.standing import hash_of

from .mailtalk import Server


def plain(to: str, subject: str = "Hello") -> Letter:
    """Return a short letter."""
    return Letter(to=to, subject=subject, text="Good morning.\n", html="<p>Good morning.</p>\n")


def compose(delivery: Delivery) -> Letter:
    """Write to the address of the delivery; to a made-up one where it belongs to a batch."""
    return plain(delivery.address or address_of(delivery.recipient_id or 0))


def address_of(recipient: int) -> str:
    """Return the address that a letter to this recipient goes to."""
    return f"reader-{recipient}@{'abc'[recipient % 3]}.example.org"


@contextmanager
def kinds(**changes: Any) -> Iterator[None]:
    """Declare a kind of each sort for a test: `note` is urgent, `letter` belongs to a batch."""
    before = dict(KINDS)
    for name in ("note", "letter"):
        usual: dict[str, Any] = {
            "compose": compose,
            "may_still_send": lambda _: True,
            "settled": nothing_follows,
        }
        declare_kind(Kind(name, **usual | changes))
    try:
        yield
    finally:
        KINDS.clear()
        KINDS.update(before)


def send_through(app: Flask, server: Server) -> None:
    """Let mail of the application go to a server of the tests."""
    app.config["MAIL"] = server.settings()


def batch_to(*recipients: int, at: datetime | None = None, **fields: Any) -> int:
    """Make a batch of letters to these recipients, as freezing an issue does; return its number."""
    at = at or now()
    with write() as session:
        batch = Batch(kind="letter", made_at=at)
        session.add(batch)
        session.flush()
        for recipient in recipients:
            address = address_of(recipient)
            values: dict[str, Any] = {
                "kind": "letter", "urgent": False, "batch_id": batch.id, "recipient_id": recipient,
                "hash": hash_of(address), "domain": address.partition("@")[2], "made_at": at, "next_try_at": at,
            }  # fmt: skip
            session.add(Delivery(**values | fields))
        session.flush()
        return batch.id


def note_to(*addresses: str, at: datetime | None = None) -> list[int]:
    """Queue urgent messages to these addresses; return their numbers."""
    with write():
        return [post("note", address, at=at or now()).id for address in addresses]


def states() -> list[tuple[str, str]]:
    """Return kind and state of every row of the ledger, in order."""
    db.session.rollback()
    rows = db.session.execute(select(Delivery.kind, Delivery.state).order_by(Delivery.id)).all()
    return [(kind, str(state)) for kind, state in rows]


def row(delivery: int) -> Delivery:
    """Return a row of the ledger as the database holds it now."""
    db.session.rollback()
    found = db.session.get(Delivery, delivery, populate_existing=True)
    assert found is not None
    return found


def is_done(batch: int) -> bool:
    """Tell whether nothing of a batch is open any more."""
    db.session.rollback()
    return db.session.get_one(Batch, batch).done_at is not None


def send_all(most: int = 1000, stopping: Callable[[], bool] = lambda: False) -> None:
    """Send until nothing is due."""
    for _ in range(most):
        again_at = running.deliver_due(stopping)
        if again_at is None or again_at > now():
            return
    raise AssertionError("There is no end to it.")


def make_all_due() -> None:
    """Let every message that waits for another try be due now."""
    with write() as session:
        session.execute(update(Delivery).where(Delivery.state == State.QUEUED).values(next_try_at=now()))
