"""Links that are mailed: made from the standing key and the seed of what they are for, so that none opens another's."""

import hmac
from base64 import urlsafe_b64encode

from blog.outbox.standing import standing_key


def leave_token_of(seed: str) -> str:
    """Return the token in every link of leaving of the subscriber with this seed; it never expires."""
    raw = hmac.new(standing_key(), f"leave {seed}".encode(), "sha256").digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
