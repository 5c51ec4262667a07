"""Tokens in mailed links: numbers with a keyed seal, bound to one purpose; nothing of them is kept."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

SEAL_BYTES = 16
_NUMBER_BYTES = 6
_SHAPE = re.compile(r"[A-Za-z0-9_-]{8,128}")


def seal(key: bytes, purpose: str, numbers: tuple[int, ...], seed: str = "") -> str:
    """Return a token that says these numbers (each below 2**48) and proves that we made it for this purpose.

    The seed belongs to what the numbers name, so that a number given anew after an old database came back
    does not open what an old link was for.
    """
    packed = b"".join(number.to_bytes(_NUMBER_BYTES, "big") for number in numbers)
    return urlsafe_b64encode(packed + _mac(key, purpose, packed, seed)).rstrip(b"=").decode()


def numbers_in(token: str, count: int) -> tuple[int, ...] | None:
    """Return the numbers a token says, not proven yet: they name the row whose seed proves them."""
    if not _SHAPE.fullmatch(token):
        return None
    try:
        raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if len(raw) != count * _NUMBER_BYTES + SEAL_BYTES:
        return None
    ends = range(0, count * _NUMBER_BYTES, _NUMBER_BYTES)
    return tuple(int.from_bytes(raw[start : start + _NUMBER_BYTES], "big") for start in ends)


def is_sealed(token: str, key: bytes, purpose: str, numbers: tuple[int, ...], seed: str = "") -> bool:
    """Tell whether the token is the one that `seal` makes of these; takes the same time for any wrong one."""
    return hmac.compare_digest(token.encode(), seal(key, purpose, numbers, seed).encode())


def hash_of_token(token: str) -> str:
    """Return what is kept of a random token: nobody can make the link out of it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _mac(key: bytes, purpose: str, packed: bytes, seed: str) -> bytes:
    said = b"\0".join((purpose.encode(), seed.encode(), packed))
    return hmac.new(key, said, "sha256").digest()[:SEAL_BYTES]
