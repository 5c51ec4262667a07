"""The people of the newsletter, for tests: Dee is subscribed, Cy asked and has not confirmed."""

from datetime import UTC, datetime
from typing import Any

from blog.lib.addresses import address_from
from blog.lib.tokens import hash_of_token
from blog.newsletter.links import leave_token_of
from blog.newsletter.models import Subscriber
from blog.outbox.standing import hash_of, new_seed

LONG_AGO = datetime(2026, 1, 5, 9, tzinfo=UTC)


def pending(address: str = "cy@example.org", **fields: Any) -> Subscriber:
    """Return a subscriber who asked and has not confirmed; to be added inside write()."""
    parsed = address_from(address)
    assert parsed is not None
    seed = fields.pop("seed", None) or new_seed()
    values = {
        "address": parsed.typed,
        "key": parsed.key,
        "hash": hash_of(parsed.key),
        "seed": seed,
        "leave_hash": hash_of_token(leave_token_of(seed)),
        "asked_at": LONG_AGO,
        "asked_again_at": LONG_AGO,
    }
    return Subscriber(**values | fields)


def confirmed(address: str = "dee@example.org", **fields: Any) -> Subscriber:
    """Return a subscriber who confirmed; to be added inside write()."""
    return pending(address, **{"confirmed_at": LONG_AGO} | fields)
