"""Keeping the proof of what a subscriber did, or what was done for them."""

from datetime import datetime

from blog.lib.db import db

from .models import Consent, Deed, Method, Subscriber


def record(
    subscriber: Subscriber,
    deed: Deed,
    method: Method | None,
    *,
    at: datetime,
    note: str = "",
    asked: Consent | None = None,
) -> None:
    """Add a deed to the record of consent, under the subscriber's present address. Call inside write().

    Asked: the request that it confirms, whose page and words are kept with it.
    """
    proof = Consent(
        subscriber_id=subscriber.id,
        deed=deed,
        at=at,
        address=subscriber.address or "",
        hash=subscriber.hash,
        method=method,
        note=note,
    )
    if asked is not None:
        proof.asked_id, proof.wording_id = asked.id, asked.wording_id
        proof.page, proof.place = asked.page, asked.place
    db.session.add(proof)
