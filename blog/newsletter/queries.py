"""Questions about subscribers; one definition of who may get an issue."""

from datetime import datetime

from sqlalchemy import Select, or_, select

from blog.outbox.models import Suppression

from .models import Subscriber


def reachable(at: datetime) -> Select[Subscriber]:
    """Return who may get an issue at this moment: confirmed, not left, not pausing, not suppressed."""
    suppressed = select(Suppression.hash).where(
        Suppression.hash == Subscriber.hash, Suppression.lifted_at.is_(None)
    )
    return select(Subscriber).where(
        Subscriber.confirmed_at.is_not(None),
        Subscriber.left_at.is_(None),
        Subscriber.erased_at.is_(None),
        or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= at),
        ~suppressed.exists(),
    )
