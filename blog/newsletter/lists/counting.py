"""How many stand how, and how one address stands."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select

from blog.lib.addresses import Address
from blog.lib.db import db
from blog.newsletter.models import Consent, Subscriber
from blog.newsletter.queries import reachable
from blog.outbox.models import Suppression
from blog.outbox.standing import hash_of

from .exporting import standing_of


def counts(at: datetime) -> dict[str, int]:
    """Return how many get letters at this moment, pause, wait for their confirmation, are left alone."""
    here = select(func.count()).select_from(Subscriber).where(Subscriber.key.is_not(None))
    confirmed = here.where(Subscriber.confirmed_at.is_not(None), Subscriber.left_at.is_(None))
    alone = select(func.count()).select_from(Suppression).where(Suppression.lifted_at.is_(None))
    wanted = {
        "get letters": select(func.count()).select_from(reachable(at).subquery()),
        "pause": confirmed.where(Subscriber.paused_until > at),
        "unconfirmed": here.where(Subscriber.confirmed_at.is_(None), Subscriber.left_at.is_(None)),
        "addresses left alone": alone,
    }
    return {what: db.session.scalars(query).one() for what, query in wanted.items()}


def standing_at(address: Address) -> str:
    """Return in a sentence how an address stands."""
    suppression = db.session.get(Suppression, hash_of(address.key))
    subscriber = db.session.scalars(select(Subscriber).where(Subscriber.key == address.key)).first()
    if subscriber is None:
        alone = suppression is not None and suppression.lifted_at is None
        return f"left alone: {suppression.reason}" if suppression and alone else "not known here"
    pause = f", pauses until {subscriber.paused_until:%Y-%m-%d}" if subscriber.paused_until else ""
    score = f", mail failed on {subscriber.bounce_score} days" if subscriber.bounce_score else ""
    return f"{standing_of(subscriber, suppression)}{pause}{score}"


def proofs_of(address: Address) -> Iterator[str]:
    """Yield what the address did, or what was done for it, the oldest first."""
    having = select(Subscriber.id).where(Subscriber.hash == hash_of(address.key))
    proofs = select(Consent).where(Consent.subscriber_id.in_(having)).order_by(Consent.id)
    for proof in db.session.scalars(proofs):
        how = ", ".join(word for word in (proof.method, proof.page, proof.note) if word)
        yield f"{proof.at:%Y-%m-%d %H:%M} UTC {proof.deed}" + (f" ({how})" if how else "")
