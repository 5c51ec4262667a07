"""Erasing somebody: what named them goes; hashes, times, methods and words stay as proof, and keep them out."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import and_, bindparam, delete, or_, select, update

from blog.lib.db import db
from blog.lib.prepared import Prepared
from blog.outbox.models import Delivery
from blog.outbox.remembering import Event
from blog.outbox.suppressing import suppress
from blog.outbox.verdicts import enhanced_in

from .models import (
    Bounce,
    Consent,
    Deed,
    Follow,
    MailedLink,
    Method,
    Purpose,
    SignupRequest,
    Subscriber,
    SubscriberTopic,
)
from .recording import record

_KNOWN = Prepared(
    select(Subscriber.id).where(
        Subscriber.hash == bindparam("hashed"),
        Subscriber.erased_at.is_(None),
        Subscriber.asked_at <= bindparam("erased", type_=Subscriber.asked_at.type),
    ),
    int,
)


def erase(subscriber: Subscriber, method: Method, *, at: datetime) -> set[str]:
    """Forget who the subscriber is, and keep every address of theirs out. Call inside write().

    Returns the addresses, as typed, for `wipe()` (wiping.py), which comes after the commit.
    """
    if subscriber.erased_at is not None:
        return set()
    for hashed in sorted(hashes_of(subscriber)):
        suppress(hashed, "erased", at=at)
    return _forget(subscriber, method, at)


def erase_again(event: Event) -> None:
    """Erase whom an older database still knows. Call inside write(); who asked anew since then is left alone.

    Suppresses nothing: the address may have signed up again later, and the merge has seen to that.
    """
    for known in _KNOWN.all(hashed=event.hash, erased=event.at):
        _forget(db.session.get_one(Subscriber, known), None, event.at)


def hashes_of(subscriber: Subscriber) -> set[str]:
    """Return the keyed hash of every address that is or was the subscriber's, and is nobody else's now."""
    others = select(Subscriber.id).where(
        Subscriber.hash == Consent.hash, Subscriber.id != subscriber.id, Subscriber.erased_at.is_(None)
    )
    earlier = select(Consent.hash).where(Consent.subscriber_id == subscriber.id, ~others.exists())
    return {subscriber.hash, *db.session.scalars(earlier)}


def _forget(subscriber: Subscriber, method: Method | None, at: datetime) -> set[str]:
    hashes, addresses = hashes_of(subscriber), _addresses_of(subscriber)
    subscriber.address = subscriber.key = None
    subscriber.erased_at, subscriber.left_at = at, subscriber.left_at or at
    subscriber.all_topics, subscriber.paused_until = True, None
    _blank(subscriber.id, hashes)
    record(subscriber, Deed.ERASED, method, at=at)
    return addresses


def _addresses_of(subscriber: Subscriber) -> set[str]:
    earlier = select(Consent.address).where(Consent.subscriber_id == subscriber.id)
    return {subscriber.address or "", *db.session.scalars(earlier)} - {""}


def _blank(subscriber: int, hashes: Iterable[str]) -> None:
    """Delete what is of no use without the person, and blank the address where a row stays."""
    db.session.flush()
    asked_for = select(MailedLink.data["hash"].as_string()).where(MailedLink.subscriber_id == subscriber)
    wanted = [hashed for hashed in db.session.scalars(asked_for) if hashed]
    for noun in (SignupRequest, MailedLink, SubscriberTopic, Follow):
        db.session.execute(delete(noun).where(noun.subscriber_id == subscriber))
    # Somebody else may have asked to get their letters at this address.
    to_it = MailedLink.data["hash"].as_string().in_(list(hashes))
    db.session.execute(
        delete(MailedLink).where(MailedLink.purpose.in_((Purpose.ADDRESS, Purpose.MOVE)), to_it)
    )
    # A post may name any page, and a list any basis of consent: both may hold the address, or a name.
    blanked = {"address": "", "page": "", "note": ""}
    db.session.execute(update(Consent).where(Consent.subscriber_id == subscriber).values(**blanked))
    # The domain alone may name a person, too, and a mail server's answer may name the domain; likewise of an address
    # that was to become theirs.
    to_them = and_(Delivery.hash.in_(wanted), Delivery.recipient_id == subscriber)
    mailed = update(Delivery).where(or_(Delivery.hash.in_(list(hashes)), to_them))
    db.session.execute(mailed.values(address="", domain="", answer=""))
    for bounce in db.session.scalars(select(Bounce).where(Bounce.hash.in_(list(hashes)))):
        bounce.status = enhanced_in(bounce.status)  # a server's words may name a mailbox without its domain
