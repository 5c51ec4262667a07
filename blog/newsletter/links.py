"""Links that are mailed: made from the standing key and the seed of what they are for, so that none opens another's."""

import hmac
from base64 import urlsafe_b64encode

from blog.lib.db import db
from blog.lib.tokens import is_sealed, numbers_in, seal
from blog.outbox.standing import standing_key

from .models import MailedLink, Purpose, SignupRequest

REQUEST = "request"
"""The purpose of the handle that the form for the code carries; no link has it."""


def leave_token_of(seed: str) -> str:
    """Return the token in every link of leaving of the subscriber with this seed; it never expires."""
    raw = hmac.new(standing_key(), f"leave {seed}".encode(), "sha256").digest()
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def token_of(link: MailedLink) -> str:
    """Return the token in this link; it is good for the link's purpose alone."""
    return seal(standing_key(), link.purpose, (link.id,), link.seed)


def code_of(link: MailedLink) -> str:
    """Return the six digits that go with the link of a confirmation."""
    raw = hmac.new(standing_key(), f"code {link.id} {link.seed}".encode(), "sha256").digest()
    return f"{int.from_bytes(raw[:8], 'big') % 1_000_000:06d}"


def link_of(token: str, purpose: Purpose) -> MailedLink | None:
    """Return the link that this token opens for this purpose, or None where it opens nothing."""
    numbers = numbers_in(token, 1)
    link = db.session.get(MailedLink, numbers[0]) if numbers else None
    if link is None or link.purpose != purpose:
        return None
    return link if is_sealed(token, standing_key(), purpose, (link.id,), link.seed) else None


def handle_of(request_id: int, seed: str) -> str:
    """Return the signed handle of a request, which the form for the code carries."""
    return seal(standing_key(), REQUEST, (request_id,), seed)


def request_of(handle: str) -> SignupRequest | None:
    """Return the request that this handle is of, or None where it is of none."""
    numbers = numbers_in(handle, 1)
    asked = db.session.get(SignupRequest, numbers[0]) if numbers else None
    if asked is None:
        return None
    return asked if is_sealed(handle, standing_key(), REQUEST, (asked.id,), asked.seed) else None
