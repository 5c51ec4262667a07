"""The code and the link of a confirmation, and the handle of a request: made anew from seeds when they are needed."""

import hmac

from blog.lib.canonical import site_url
from blog.lib.db import db
from blog.lib.tokens import is_sealed, numbers_in, seal
from blog.newsletter.models import MailedLink, SignupRequest
from blog.outbox.standing import standing_key

_REQUEST = "request"
"""The purpose of the handle that the form for the code carries; no link has it."""
_BETWEEN = " -\t\u00a0\u2010\u2011\u2012\u2013\u2014"
"""What people and mail programs put between the digits of a code."""


def code_of(link: MailedLink) -> str:
    """Return the six digits that go with the link of a confirmation."""
    raw = hmac.new(standing_key(), f"code {link.id} {link.seed}".encode(), "sha256").digest()
    return f"{int.from_bytes(raw[:8], 'big') % 1_000_000:06d}"


def is_code_of(link: MailedLink, typed: str) -> bool:
    """Tell whether this was typed for the code of the link; spaces and dashes count for nothing."""
    digits = "".join(sign for sign in typed[:50] if sign not in _BETWEEN)
    return hmac.compare_digest(code_of(link).encode(), digits.encode(errors="replace"))


def confirm_url(link: MailedLink) -> str:
    """Return the absolute address that confirms a signup: good for a week, once, and for nothing else."""
    token = seal(standing_key(), link.purpose, (link.id,), link.seed)
    return f"{site_url()}/newsletter/confirm/{token}"


def handle_of(request_id: int, seed: str) -> str:
    """Return the signed handle of a request, which the form for the code carries."""
    return seal(standing_key(), _REQUEST, (request_id,), seed)


def request_of(handle: str) -> SignupRequest | None:
    """Return the request that this handle is of, or None where it is of none."""
    numbers = numbers_in(handle, 1)
    asked = db.session.get(SignupRequest, numbers[0]) if numbers else None
    if asked is None:
        return None
    return asked if is_sealed(handle, standing_key(), _REQUEST, (asked.id,), asked.seed) else None
