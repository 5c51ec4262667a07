"""Leaving the newsletter: at once, for good, until a fresh confirmed signup."""

from datetime import datetime

from blog.lib.db import db
from blog.outbox.suppressing import suppress

from .models import Consent, Deed, Method, Subscriber


def leave(subscriber: Subscriber, method: Method, *, at: datetime, reason: str = "left") -> None:
    """Take the subscriber out and suppress the address. Does nothing for who is out already. Call inside write().

    Reason: left, bounced or complained.
    """
    if subscriber.left_at is not None:
        return
    subscriber.left_at = at
    suppress(subscriber.hash, reason, at=at)
    db.session.add(
        Consent(
            subscriber_id=subscriber.id,
            deed=Deed.LEFT,
            at=at,
            address=subscriber.address or "",
            hash=subscriber.hash,
            method=method,
        )
    )
