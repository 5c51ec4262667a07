"""Moving a subscription to another address, which its owner has confirmed."""

from datetime import datetime

from sqlalchemy import select

from blog.lib.db import db
from blog.outbox.suppressing import is_suppressed

from .models import Deed, MailedLink, Method, Subscriber
from .recording import record


def move(subscriber: Subscriber, link: MailedLink, *, at: datetime) -> bool:
    """Let letters come to the address that the link was mailed to; uses the link up. Call inside write().

    Returns False, and changes nothing, where that address has become somebody else's or must be left alone.
    """
    new = link.data
    taken = select(Subscriber.id).where(Subscriber.key == new.get("key"))
    if not new or is_suppressed(new["hash"]) or db.session.scalar(taken) is not None:
        return False
    subscriber.address, subscriber.key, subscriber.hash = new["address"], new["key"], new["hash"]
    link.used_at, link.data = at, {}
    record(subscriber, Deed.CHANGED_ADDRESS, Method.BUTTON, at=at)
    return True
