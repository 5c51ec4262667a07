"""Links that are mailed: made from the standing key and the seed of what they are for, so that none opens another's."""

import hmac
from base64 import urlsafe_b64encode
from datetime import datetime

from sqlalchemy import select

from blog.lib.canonical import site_url
from blog.lib.db import db
from blog.lib.tokens import hash_of_token, is_sealed, numbers_in, seal
from blog.outbox.standing import standing_key

from .models import MailedLink, Purpose, Subscriber

PREFERENCE_DAYS = 90
"""How long the link to the preferences in a letter is good."""
FRESH_PURPOSES = (Purpose.ADDRESS, Purpose.DOWNLOAD, Purpose.ERASE)
"""What asks for a fresh link, because letters get forwarded."""
_PREFERENCES = "preferences"
_SECONDS_A_DAY = 86_400


def leave_token_of(seed: str) -> str:
    """Return the token in every link of leaving of the subscriber with this seed; it never expires."""
    raw = hmac.new(standing_key(), f"leave {seed}".encode(), "sha256").digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def leave_path(subscriber: Subscriber) -> str:
    """Return the path of the page of leaving, which is the target of one-click leaving as well."""
    return f"/newsletter/leave/{leave_token_of(subscriber.seed)}"


def leave_url(subscriber: Subscriber) -> str:
    """Return the absolute address of the page of leaving."""
    return f"{site_url()}{leave_path(subscriber)}"


def subscriber_who_may_leave(token: str) -> Subscriber | None:
    """Return whom a link of leaving is for, erased or not.

    Who was erased and has confirmed anew since is out by the links in old letters, too: these never expire.
    """
    found = db.session.scalar(select(Subscriber).where(Subscriber.leave_hash == hash_of_token(token)))
    if found is None or not found.erased_at:
        return found
    anew = select(Subscriber).where(
        Subscriber.hash == found.hash, Subscriber.erased_at.is_(None), Subscriber.confirmed_at.is_not(None)
    )
    return db.session.scalar(anew) or found


def preferences_url(subscriber: Subscriber, at: datetime) -> str:
    """Return the absolute address of the preferences, good from this moment on for PREFERENCE_DAYS."""
    token = seal(standing_key(), _PREFERENCES, (subscriber.id, _day(at)), subscriber.seed)
    return f"{site_url()}/newsletter/preferences/{token}"


def subscriber_who_may_choose(token: str, at: datetime) -> Subscriber | None:
    """Return whose preferences the token opens at this moment; an erased subscriber has none."""
    numbers = numbers_in(token, 2)
    subscriber = db.session.get(Subscriber, numbers[0]) if numbers else None
    if numbers is None or subscriber is None or subscriber.erased_at:
        return None
    if not is_sealed(token, standing_key(), _PREFERENCES, numbers, subscriber.seed):
        return None
    return subscriber if 0 <= _day(at) - numbers[1] <= PREFERENCE_DAYS else None


def fresh_url(link: MailedLink) -> str:
    """Return the absolute address that a fresh link leads to: good for its one purpose, once."""
    token = seal(standing_key(), link.purpose, (link.id,), link.seed)
    return f"{site_url()}/newsletter/preferences/{link.purpose}/{token}"


def fresh_link(purpose: Purpose, token: str) -> MailedLink | None:
    """Return the link with this token, if it was made for this purpose; it may be used or old."""
    numbers = numbers_in(token, 1)
    link = db.session.get(MailedLink, numbers[0]) if numbers else None
    if numbers is None or link is None or link.purpose is not purpose:
        return None
    return link if is_sealed(token, standing_key(), purpose, numbers, link.seed) else None


def _day(at: datetime) -> int:
    return int(at.timestamp()) // _SECONDS_A_DAY
