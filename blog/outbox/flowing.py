"""Whether the mail server takes mail at all: since when it does not, who was told, and when to give up."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select

from blog.lib.db import db

from .models import Batch, Delivery, Mailroom, State
from .settling import GIVE_UP_AFTER, STOPPED, end, pause_batch
from .smtp.outcomes import Later, Stop
from .telling import all_clear, tell_team

TELL_AFTER = timedelta(hours=1)
"""How long a server may be away before the team is told."""
_AT_ONCE = 500


def is_stopped() -> bool:
    """Tell whether the mail server took nothing when it was last asked."""
    return db.session.scalars(select(Mailroom.stopped_at)).one() is not None


def note_trouble(trouble: Later | Stop, *, at: datetime) -> None:
    """Note that the server takes nothing from anyone. Call inside write().

    Where it is not just away, running batches are paused, and the team is told.
    """
    room = db.session.scalars(select(Mailroom)).one()
    room.stopped_at = room.stopped_at or at
    room.stopped_because = trouble.reason
    if isinstance(trouble, Stop):
        running = select(Batch).where(Batch.done_at.is_(None))
        for batch in db.session.scalars(running):
            pause_batch(batch, trouble.reason, at=at)
        tell_team(STOPPED, f"The mail server refuses all mail, running issues are paused: {trouble.reason}")
    elif at - room.stopped_at >= TELL_AFTER:
        tell_team(
            STOPPED, f"Mail has not got through since {room.stopped_at:%Y-%m-%d %H:%M} UTC: {trouble.reason}"
        )


def note_flow() -> None:
    """Note that mail gets through. Call inside write()."""
    room = db.session.scalars(select(Mailroom)).one()
    room.stopped_at, room.stopped_because = None, ""
    all_clear(STOPPED)


def give_up_old(trouble: Later | Stop, *, at: datetime) -> None:
    """Let some of what has waited for days fail, where the server was away for all of them. Call inside write()."""
    since = db.session.scalars(select(Mailroom.stopped_at)).one()
    if since is None or at - since < GIVE_UP_AFTER:
        return
    running = select(Batch.id).where(Batch.done_at.is_(None), Batch.paused_at.is_(None))
    waiting = select(Delivery).where(
        Delivery.state == State.QUEUED,
        Delivery.made_at <= at - GIVE_UP_AFTER,
        or_(Delivery.urgent.is_(True), Delivery.batch_id.in_(running)),
    )
    for delivery in db.session.scalars(waiting.limit(_AT_ONCE)):
        end(delivery, State.FAILED, trouble.reason, at=at)
