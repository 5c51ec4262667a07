"""Where mail comes back to: an address for each delivery, which nobody else can make up."""

import hmac
import re
from base64 import b32encode

from .standing import standing_key

_SHAPE = re.compile(r"[^@\s]+\+([0-9]{1,15})-([a-z2-7]{16})@[^@\s]+")


def envelope_sender(bounces: str, delivery_id: int) -> str:
    """Return the address that reports about this delivery come to: `bounces+17-...@example.org`.

    Lower case throughout, since some servers change the case of what they return to.
    """
    local, _, domain = bounces.rpartition("@")
    return f"{local}+{delivery_id}-{_proof(delivery_id)}@{domain}"


def delivery_of(address: str) -> int | None:
    """Return the delivery that an address was made for, or None where we did not make it."""
    found = _SHAPE.fullmatch(address.strip().strip("<>").lower())
    if found is None or not hmac.compare_digest(_proof(int(found[1])), found[2]):
        return None
    return int(found[1])


def _proof(delivery_id: int) -> str:
    digest = hmac.new(standing_key(), f"bounce {delivery_id}".encode(), "sha256").digest()
    return b32encode(digest[:10]).decode().lower()
