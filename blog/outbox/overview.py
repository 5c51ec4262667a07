"""How mail stands, in sentences for whoever looks after the site."""

from flask import current_app
from sqlalchemy import func, select

from blog.lib.db import db

from .fencing import fence_sentence
from .models import Batch, Delivery, Mailroom, State


def standing_of_mail() -> list[str]:
    """Return a sentence for each thing that holds mail up; none where all is well."""
    room = db.session.scalars(select(Mailroom)).one()
    sentences = []
    if not current_app.config["SITE_URL"] and _waiting():
        sentences.append("Mail waits, since links in it need to know the site's address: set BLOG_SITE_URL.")
    if room.fenced_at:
        sentences.append(fence_sentence(room.fenced_because))
    if room.stopped_at:
        sentences.append(
            f"The mail server has taken nothing since {room.stopped_at:%Y-%m-%d %H:%M} UTC: {room.stopped_because}"
        )
    paused = select(Batch).where(Batch.paused_at.is_not(None), Batch.done_at.is_(None)).order_by(Batch.id)
    sentences += [_about_paused(batch) for batch in db.session.scalars(paused)]
    return sentences


def _waiting() -> bool:
    return (
        db.session.scalars(select(Delivery.id).where(Delivery.state == State.QUEUED).limit(1)).first()
        is not None
    )


def _about_paused(batch: Batch) -> str:
    waiting = select(func.count()).where(Delivery.batch_id == batch.id, Delivery.state == State.QUEUED)
    count = db.session.scalars(waiting).one()
    because = f": {batch.paused_because}" if batch.paused_because else "."
    return f"{count} letters wait, since their sending was paused at {batch.paused_at:%Y-%m-%d %H:%M} UTC{because}"
