"""Addresses that get nothing, whatever anybody else says: only a fresh confirmed signup lifts it."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from blog.lib.db import db
from blog.lib.following import after_commit, before_commit
from blog.lib.prepared import Prepared

from .models import Suppression
from .remembering import Event, remember

RANKS = ("left", "bounced", "complained", "erased")
"""The reasons: a later one takes the place of an earlier one, never the other way round."""
_TICK = timedelta(microseconds=1)
_SUPPRESSED = Prepared(
    select(Suppression.hash).where(Suppression.hash == bindparam("hashed"), Suppression.lifted_at.is_(None)),
    str,
)
"""Asked twice for every letter, so it must cost next to nothing."""


def is_suppressed(hashed: str) -> bool:
    """Tell whether the address with this keyed hash must be left alone."""
    return _SUPPRESSED.first(hashed=hashed) is not None


def suppress(hashed: str, reason: str, *, at: datetime) -> None:
    """Leave an address alone from now on. Call inside write().

    Reason: left, bounced, complained or erased. The file beside the database says so before it is committed.
    """
    row = db.session.get(Suppression, hashed)
    if row is None:
        row = Suppression(hash=hashed, reason=reason, at=at)
        db.session.add(row)
    elif row.lifted_at is not None or RANKS.index(reason) > RANKS.index(row.reason):
        # Later than what it follows, whatever the clock says: the latest event of an address is the one that counts.
        row.at = max(at, (row.lifted_at or row.at) + _TICK)
        row.reason, row.lifted_at = reason, None
    else:
        return
    db.session.flush()  # prepared questions of the same transaction read what the database holds
    before_commit(remember, Event(hashed, reason, row.at))


def lift(hashed: str, *, at: datetime) -> None:
    """Let an address get mail again. Call inside write(), for a fresh confirmation or the undo of leaving alone.

    The file beside the database says so once it is committed.
    """
    row = db.session.get(Suppression, hashed)
    if row is not None and row.lifted_at is None:
        row.lifted_at = max(at, row.at + _TICK)
        db.session.flush()
        after_commit(remember, Event(hashed, "", row.lifted_at))
