"""Proving that it is you: a fresh link by mail, good for one purpose, once, because letters get forwarded."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from blog.lib.addresses import Address
from blog.lib.clock import now
from blog.lib.db import db
from blog.outbox.kinds import Kind, Letter, nothing_follows
from blog.outbox.models import Delivery, Suppression
from blog.outbox.posting import post
from blog.outbox.standing import hash_of, new_seed
from blog.outbox.suppressing import is_suppressed

from .links import FRESH_PURPOSES, fresh_link, fresh_url, leave_url, preferences_url
from .mail import access as mails
from .mail.shell import Links
from .models import MailedLink, Purpose, Subscriber
from .signup.breaker import count_mail, may_mail

GOOD_FOR = timedelta(hours=1)
MOST_A_DAY = 3
"""Fresh links for one subscriber within 24 hours."""
MOST_TO_ONE_ADDRESS = {timedelta(hours=24): 2, timedelta(days=30): 4}
"""Mails with fresh links to one address that is to become a subscriber's, whoever asks; like those that confirm."""
NAME = "access"
_DAY = timedelta(days=1)


def ask_fresh_link(
    subscriber: Subscriber, purpose: Purpose, *, at: datetime, to: Address | None = None
) -> bool:
    """Mail a link for this purpose and tell whether that was within the cap. Call inside write().

    It goes to the present address, also where another one is to be theirs: whoever has a letter that was
    forwarded must not move the subscription.
    """
    lately = select(func.count()).where(
        MailedLink.subscriber_id == subscriber.id,
        MailedLink.purpose.in_(FRESH_PURPOSES),
        MailedLink.made_at > at - _DAY,
    )
    if db.session.scalars(lately).one() >= MOST_A_DAY:
        return False
    link = MailedLink(subscriber_id=subscriber.id, purpose=purpose, made_at=at, seed=new_seed(), data={})
    if to is not None:
        link.data = {"address": to.typed, "key": to.key, "hash": hash_of(to.key)}
    db.session.add(link)
    db.session.flush()
    if subscriber.address:
        _send(subscriber.address, subscriber, link, at)
    return True


def ask_new_address(link: MailedLink, *, at: datetime) -> None:
    """Mail the link that confirms a change to the new address, and use up the one that allowed it. Call inside write().

    No mail goes where that address is somebody else's, must be left alone, or got enough; nobody is told.
    """
    new, subscriber = Address(link.data["address"], link.data["key"]), owner_of(link)
    if _may_move_to(new, at):
        confirming = MailedLink(
            subscriber_id=subscriber.id, purpose=Purpose.MOVE, made_at=at, seed=new_seed(), data=link.data
        )
        db.session.add(confirming)
        db.session.flush()
        count_mail("", _domain(new), later=False, at=at)
        _send(new.typed, subscriber, confirming, at)
    link.used_at, link.data = at, {}


def usable(purpose: Purpose, token: str, at: datetime) -> MailedLink | None:
    """Return the link with this token if it can be used now: made for this purpose, not old, not used."""
    link = fresh_link(purpose, token)
    if link is None or link.used_at or not timedelta(0) <= at - link.made_at <= GOOD_FOR:
        return None
    return link


def owner_of(link: MailedLink) -> Subscriber:
    """Return whom a link is for; links go with the erasure of their subscriber."""
    return db.session.get_one(Subscriber, link.subscriber_id)


def links_of(subscriber: Subscriber, at: datetime) -> Links:
    """Return the links that a letter to the subscriber shows."""
    return Links(leave=leave_url(subscriber), preferences=preferences_url(subscriber, at))


def _may_move_to(new: Address, at: datetime) -> bool:
    hashed = hash_of(new.key)
    mailed = select(func.count()).where(Delivery.hash == hashed, Delivery.kind == NAME)
    taken = select(Subscriber.id).where(Subscriber.key == new.key)
    return (
        db.session.scalar(taken) is None
        and not is_suppressed(hashed)
        and all(
            db.session.scalars(mailed.where(Delivery.made_at > at - within)).one() < most
            for within, most in MOST_TO_ONE_ADDRESS.items()
        )
        and may_mail("", _domain(new), at=at)  # it may be anybody's: the breaker counts it like a signup
    )


def _domain(address: Address) -> str:
    return address.key.rpartition("@")[2]


def _send(to: str, subscriber: Subscriber, link: MailedLink, at: datetime) -> None:
    post(NAME, to, at=at, recipient=subscriber.id, about=link.id)


def _compose(delivery: Delivery) -> Letter | None:
    """Say what the link is for."""
    link, subscriber = _subject(delivery)
    if link is None or subscriber is None or not delivery.address:
        return None
    if link.used_at or now() - link.made_at > GOOD_FOR:
        return None  # it would lead to a page that says so
    return mails.access(delivery.address, link.purpose, link=fresh_url(link))


def _may_still_send(delivery: Delivery) -> bool:
    """Tell whether it may go: who left may still ask for what is held; who complained or bounced gets nothing."""
    link, subscriber = _subject(delivery)
    suppression = db.session.get(Suppression, delivery.hash)
    blocked = suppression is not None and suppression.lifted_at is None and suppression.reason != "left"
    return link is not None and subscriber is not None and not subscriber.erased_at and not blocked


def _subject(delivery: Delivery) -> tuple[MailedLink | None, Subscriber | None]:
    return db.session.get(MailedLink, delivery.about_id), db.session.get(Subscriber, delivery.recipient_id)


ACCESS = Kind(NAME, _compose, _may_still_send, nothing_follows)
"""The mail with a fresh link."""
