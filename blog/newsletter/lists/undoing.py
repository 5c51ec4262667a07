"""An import is taken back as a whole; whoever did something of their own since stays as they are."""

from collections import Counter
from datetime import datetime

from sqlalchemy import delete, select, update

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.models import Consent, Deed, MailedLink, Subscriber, SubscriberImport
from blog.outbox.models import Delivery

from .staging import AT_ONCE

OWN = (Deed.CONFIRMED, Deed.LEFT, Deed.CAME_BACK, Deed.CHANGED_ADDRESS, Deed.ERASED)
REMOVED, WAIT, STAY = "removed", "wait again for a confirmation", "stay, by a deed of their own"


def undo_import(number: int, *, at: datetime) -> Counter[str]:
    """Take an import back, some people at a time, each in a write() of its own; broken off, it goes on when run again.

    Who asked here before, or was mailed since, keeps the links that they have, and waits for a confirmation of
    their own. Addresses that the list took out stay out: only a fresh confirmed signup brings them back.
    Raises Refused where there is no such import, or it was taken back before.
    """
    brought = db.session.get(SubscriberImport, number)
    if brought is None:
        raise Refused(f"There is no import {number}; `subscribers imports` lists those there are.")
    if brought.undone_at:
        raise Refused(f"Import {number} was taken back on {brought.undone_at:%Y-%m-%d %H:%M} UTC.")
    ids = db.session.scalars(select(Subscriber.id).where(Subscriber.import_id == number)).all()
    sums: Counter[str] = Counter()
    for begin in range(0, len(ids), AT_ONCE):
        with write():
            sums += _take_back(list(ids[begin : begin + AT_ONCE]))
    with write():
        db.session.get_one(SubscriberImport, number).undone_at = at
    return sums


def _take_back(ids: list[int]) -> Counter[str]:
    own = _who(Consent.subscriber_id, Consent.subscriber_id.in_(ids), Consent.deed.in_(OWN))
    brought = [number for number in ids if number not in own]
    known = _who(Consent.subscriber_id, Consent.subscriber_id.in_(brought), Consent.deed == Deed.ASKED)
    known |= _who(MailedLink.subscriber_id, MailedLink.subscriber_id.in_(brought))
    hashes = select(Subscriber.hash).where(Subscriber.id.in_(brought))
    mailed = _who(
        Subscriber.id, Subscriber.id.in_(brought), Subscriber.hash == Delivery.hash, Delivery.hash.in_(hashes)
    )
    removed = [number for number in brought if number not in known | mailed]
    # The proof of whoever counts as confirmed cannot be deleted: the database refuses it.
    db.session.execute(update(Subscriber).where(Subscriber.id.in_(brought)).values(confirmed_at=None))
    db.session.execute(delete(Consent).where(Consent.subscriber_id.in_(removed)))
    db.session.execute(delete(Subscriber).where(Subscriber.id.in_(removed)))
    return Counter({REMOVED: len(removed), WAIT: len(brought) - len(removed), STAY: len(ids) - len(brought)})


def _who(column: object, *conditions: object) -> set[int]:
    query = select(column).where(*conditions).distinct()  # type: ignore[call-overload]  # any column of numbers
    return set(db.session.scalars(query))
