"""Moving a subscription to another address, which its owner has confirmed."""

from datetime import datetime

from sqlalchemy import select, update

from blog.lib.db import db
from blog.outbox.suppressing import is_suppressed

from .models import Deed, MailedLink, Method, SignupRequest, Subscriber
from .recording import record


def move(subscriber: Subscriber, link: MailedLink, *, at: datetime) -> bool:
    """Let letters come to the address that the link was mailed to; uses up all links. Call inside write().

    Returns False, and changes nothing, where that address has become somebody else's or must be left alone.
    """
    new = link.data
    taken = select(Subscriber.id).where(Subscriber.key == new.get("key"))
    if not new or is_suppressed(new["hash"]) or db.session.scalar(taken) is not None:
        return False
    subscriber.address, subscriber.key, subscriber.hash = new["address"], new["key"], new["hash"]
    _use_up(subscriber, at)
    link.data = {}
    record(subscriber, Deed.CHANGED_ADDRESS, Method.BUTTON, at=at)
    return True


def _use_up(subscriber: Subscriber, at: datetime) -> None:
    """Let nothing count any more that was mailed to the old address, or asked for there: its reader has no say now."""
    mailed = update(MailedLink).where(MailedLink.subscriber_id == subscriber.id, MailedLink.used_at.is_(None))
    db.session.execute(mailed.values(used_at=at))
    # Who asked did so for the old address; the new one must not get the mail that answers it.
    waiting = update(SignupRequest).where(
        SignupRequest.subscriber_id == subscriber.id, SignupRequest.answered_at.is_(None)
    )
    db.session.execute(waiting.values(answered_at=at, answer="the address changed since"))
