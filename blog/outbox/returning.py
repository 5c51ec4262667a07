"""Where bounces return to: an address of its own for every delivery, which nobody else can make."""

import hmac
import re
from email.headerregistry import Address
from typing import Protocol

from sqlalchemy import select

from blog.lib.db import db

from .models import Delivery
from .standing import standing_key

_RETURNED = re.compile(r"[^@]*\+([0-9]{1,15})-([0-9a-f]{16})@[^@]+")


class MailAddresses(Protocol):
    """What of the settings of mail is read here (lib/mail_settings.py)."""

    @property
    def sender(self) -> Address:
        """From whom mails are."""

    @property
    def bounces(self) -> str:
        """Where bounces return; empty: nowhere of their own."""


def envelope_sender(mail: MailAddresses, delivery_id: int, hashed: str) -> str:
    """Return the envelope sender of a delivery to the address with this keyed hash; ASCII.

    Where the site has no address for bounces, it is the sender's own.
    """
    if not mail.bounces:
        return mail.sender.addr_spec
    local, _, domain = mail.bounces.rpartition("@")
    return f"{local}+{delivery_id}-{_seal(delivery_id, hashed)}@{domain}"


def delivery_of(address: str) -> int | None:
    """Return the delivery that a report was sent back for, or None where we never made this address.

    Upper and lower case are alike: some servers change them on the way.
    """
    found = _RETURNED.fullmatch(address.strip().strip("<>").lower())
    if found is None:
        return None
    delivery_id = int(found[1])
    hashed = db.session.scalar(select(Delivery.hash).where(Delivery.id == delivery_id))
    return delivery_id if hashed and hmac.compare_digest(found[2], _seal(delivery_id, hashed)) else None


def _seal(delivery_id: int, hashed: str) -> str:
    # With the hash: after an old database came back, a number may be given anew, to somebody else.
    return hmac.new(standing_key(), f"returned {delivery_id} {hashed}".encode(), "sha256").hexdigest()[:16]
