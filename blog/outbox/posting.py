"""Putting a message into the outbox: from here on it is not lost."""

from datetime import datetime

from blog.lib.addresses import address_from
from blog.lib.db import db
from blog.lib.refusing import Refused

from .models import Delivery
from .standing import hash_of


def post(
    kind: str, to: str, *, at: datetime, recipient: int | None = None, about: int | None = None
) -> Delivery:
    """Queue a transactional message to an address. Call inside write().

    Raises Refused where the address is none.
    """
    address = address_from(to)
    if address is None:
        raise Refused(f"“{to}” is not an e-mail address.")
    delivery = Delivery(
        kind=kind,
        urgent=True,
        recipient_id=recipient,
        about_id=about,
        address=address.typed,
        hash=hash_of(address.key),
        domain=address.key.rpartition("@")[2],
        made_at=at,
        next_try_at=at,
    )
    db.session.add(delivery)
    db.session.flush()
    return delivery
