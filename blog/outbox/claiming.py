"""Claiming what is due: a row belongs to one worker for a few minutes, and to nobody again after that."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, func, or_, select

from blog.lib.db import db

from .fencing import fenced_since
from .models import Batch, Delivery, State
from .pacing import Pace, pace_at
from .settling import settle_orphan
from .telling import NOTICE

LEASE = timedelta(minutes=5)
"""How long a claim holds; longer than a mail server may take over one message."""
_FOR_LETTERS = 5
"""Each so many-th place of a claim is for letters, however many urgent messages wait."""
_LOOKED_AT = 20
"""How many candidates are looked at for each that may go, where domains have limits."""

_Candidate = tuple[int, str]
"""Its number, and the domain it goes to."""
_Question = Select[*tuple[Any, ...]]


@dataclass(frozen=True)
class Claim:
    """A row of the ledger that this worker may deliver, for as long as the row carries the token."""

    delivery: Delivery
    """As it was when it was claimed, of no session: reading it asks the database nothing."""
    token: str


def claim_due(count: int, *, at: datetime) -> list[Claim]:
    """Take up to so many due messages, urgent ones first. Call inside write()."""
    token = secrets.token_hex(8)
    ids = list(_chosen(count, at))
    rows = db.session.scalars(select(Delivery).where(Delivery.id.in_(ids))).all()
    for row in rows:
        row.state, row.claim, row.claimed_until = State.CLAIMED, token, at + LEASE
        row.tries += 1
        row.first_tried_at = row.first_tried_at or at
        row.tried_at = at
        row.message_id = row.message_id or _new_message_id()
    db.session.flush()
    for row in rows:
        db.session.expunge(row)
    return [Claim(row, token) for row in sorted(rows, key=lambda row: ids.index(row.id))]


def give_back(claims: Sequence[Claim]) -> None:
    """Let go of what was claimed and not begun, as if it never had been. Call inside write().

    It keeps its place before a letter for which the batch was stopped, which must not be the first of every new try.
    """
    tokens = {claim.token for claim in claims}
    ours = select(Delivery).where(
        Delivery.id.in_(claim.delivery.id for claim in claims),
        Delivery.claim.in_(tokens),
        Delivery.state == State.CLAIMED,
    )
    for row in db.session.scalars(ours):
        row.state, row.claim, row.claimed_until = State.QUEUED, "", None
        row.tries -= 1


def release_expired(*, at: datetime) -> None:
    """Free what a worker held that died or stands still. Call inside write().

    What was only claimed goes back into the queue. What may have been sent does so where it is urgent; a letter is
    in doubt then, for good.
    """
    for row in db.session.scalars(select(Delivery).where(*_expired(at))):
        if row.state is State.CLAIMED:
            row.state, row.claim, row.claimed_until, row.next_try_at = State.QUEUED, "", None, at
        else:
            settle_orphan(row, at=at)


def has_expired(at: datetime) -> bool:
    """Tell whether there is anything to free."""
    return db.session.scalars(select(Delivery.id).where(*_expired(at)).limit(1)).first() is not None


def is_due(at: datetime) -> bool:
    """Tell whether anything could be claimed now."""
    return next(_chosen(1, at), None) is not None


def next_due(at: datetime) -> datetime | None:
    """Return when something is to be done the next time, as far as the ledger knows now."""
    soonest = func.min(Delivery.next_try_at)
    moments: list[datetime | None] = [db.session.scalars(_urgent(soonest)).first()]
    moments += [db.session.scalars(_letters(batch, soonest)).first() for batch in _running_batches()]
    held = select(func.min(Delivery.claimed_until)).where(Delivery.state.in_(_HELD))
    moments.append(db.session.scalars(held).first())
    known = [moment for moment in moments if moment is not None]
    if not known:
        return None
    return max(min(known), pace_at(at).again_at)


_HELD = (State.CLAIMED, State.DELIVERING)


def _expired(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return Delivery.state.in_(_HELD), or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= at)


def _chosen(count: int, at: datetime) -> Iterator[int]:
    """Yield what may be claimed: urgent messages first, but never in the places of letters while letters wait."""
    pace = pace_at(at)
    count = count if pace.left is None else min(count, pace.left)
    letters = _taken(_letters_due(count, pace, at), pace)
    kept_free = count // _FOR_LETTERS or (1 if _only_urgent_lately() else 0)
    first = list(islice(letters, min(kept_free, count)))
    urgent = list(islice(_taken(_urgent_due(count, pace, at), pace), count - len(first)))
    yield from urgent
    yield from first
    yield from islice(letters, count - len(first) - len(urgent))


def _taken(candidates: Iterator[_Candidate], pace: Pace) -> Iterator[int]:
    for delivery, domain in candidates:
        if pace.take(domain):
            yield delivery


def _urgent_due(count: int, pace: Pace, at: datetime) -> Iterator[_Candidate]:
    yield from _asked(_urgent(Delivery.id, Delivery.domain), count, pace, at)


def _letters_due(count: int, pace: Pace, at: datetime) -> Iterator[_Candidate]:
    for batch in _running_batches():
        yield from _asked(_letters(batch, Delivery.id, Delivery.domain), count, pace, at)


def _asked(question: _Question, count: int, pace: Pace, at: datetime) -> Iterator[_Candidate]:
    due = question.where(Delivery.next_try_at <= at).order_by(Delivery.next_try_at, Delivery.id)
    if pace.each is not None:
        due = due.where(Delivery.domain.not_in(pace.full))
        count *= _LOOKED_AT
    for delivery, domain in db.session.execute(due.limit(count)).all():  # noqa: UP028 (a row is typed as no pair)
        yield delivery, domain


def _urgent(*columns: Any) -> _Question:
    """Ask for urgent messages that wait; after a fence only for those that were asked for since."""
    question = select(*columns).where(Delivery.state == State.QUEUED, Delivery.urgent.is_(True))
    since = fenced_since()
    return question if since is None else question.where(Delivery.made_at >= since, Delivery.kind != NOTICE)


def _letters(batch: int, *columns: Any) -> _Question:
    return select(*columns).where(Delivery.batch_id == batch, Delivery.state == State.QUEUED)


def _running_batches() -> list[int]:
    """Return the batches that may go on, the oldest first; none behind a fence."""
    if fenced_since() is not None:
        return []
    running = select(Batch.id).where(Batch.done_at.is_(None), Batch.paused_at.is_(None)).order_by(Batch.id)
    return list(db.session.scalars(running))


def _only_urgent_lately() -> bool:
    """Tell whether it is the turn of letters where messages are claimed one by one."""
    lately = select(Delivery.urgent).order_by(Delivery.tried_at.desc()).limit(_FOR_LETTERS - 1)
    found = db.session.scalars(lately.where(Delivery.tried_at.is_not(None))).all()
    return len(found) == _FOR_LETTERS - 1 and all(found)


def _new_message_id() -> str:
    return f"<{secrets.token_hex(16)}@{current_app.config['MAIL'].sender.domain}>"
