"""Addresses that get nothing, whatever anybody else says: only a fresh confirmed signup lifts it."""

from datetime import datetime

from blog.lib.db import db

from .models import Suppression


def is_suppressed(hashed: str) -> bool:
    """Tell whether the address with this keyed hash must be left alone."""
    row = db.session.get(Suppression, hashed)
    return row is not None and row.lifted_at is None


def suppress(hashed: str, reason: str, *, at: datetime) -> None:
    """Leave an address alone from now on. Call inside write().

    Reason: left, bounced, complained or erased.
    """
    db.session.merge(Suppression(hash=hashed, reason=reason, at=at, lifted_at=None))


def lift(hashed: str, *, at: datetime) -> None:
    """Let an address get mail again. Call inside write(), for a fresh confirmation or the undo of leaving alone."""
    row = db.session.get(Suppression, hashed)
    if row is not None and row.lifted_at is None:
        row.lifted_at = at
