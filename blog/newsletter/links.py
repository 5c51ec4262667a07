"""Links that are mailed: made from the standing key and the seed of what they are for, so that none opens another's."""

import hmac
from base64 import urlsafe_b64encode
from datetime import date, datetime

from blog.lib.canonical import absolute
from blog.lib.tokens import seal
from blog.outbox.standing import standing_key

from .models import Subscriber

PREFERENCES = "preferences"
_FIRST_DAY = date(2020, 1, 1).toordinal()


def leave_token_of(seed: str) -> str:
    """Return the token in every link of leaving of the subscriber with this seed; it never expires."""
    raw = hmac.new(standing_key(), f"leave {seed}".encode(), "sha256").digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def leave_url(subscriber: Subscriber) -> str:
    """Return the address of the page of leaving, which is the one-click target as well."""
    return absolute(f"/newsletter/leave/{leave_token_of(subscriber.seed)}")


def preferences_url(subscriber: Subscriber, at: datetime) -> str:
    """Return the address of the page of preferences, as a letter of this day carries it."""
    numbers = (subscriber.id, at.date().toordinal() - _FIRST_DAY)
    token = seal(standing_key(), PREFERENCES, numbers, subscriber.seed)
    return absolute(f"/newsletter/preferences/{token}")
