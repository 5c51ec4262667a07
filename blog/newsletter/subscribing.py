"""Asking for the newsletter."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.sqlite import insert

from blog.lib.addresses import Address
from blog.lib.db import db

from . import wording
from .models import Consent, Subscriber


@dataclass(frozen=True)
class Origin:
    """Where a visitor asked: the page, which form of it, and the key of the words beside it."""

    page: str
    place: str
    wording: str


def ask(address: Address, origin: Origin, *, at: datetime, mail_later: bool) -> None:
    """Keep a request for the newsletter together with its proof.

    Does the same writes for an address that is new, known, or left: nobody can tell from outside.
    """
    fresh = {"address": address.typed, "key": address.key, "asked_at": at, "asked_again_at": at}
    statement = (
        insert(Subscriber)
        .values(fresh)
        .on_conflict_do_update(index_elements=["key"], set_={"asked_again_at": at})
        .returning(Subscriber.id)
    )
    db.session.add(
        Consent(
            subscriber_id=db.session.execute(statement).scalar_one(),
            address=address.typed,
            asked_at=at,
            page=origin.page,
            place=origin.place,
            wording_id=wording.recorded(origin.wording),
            mail_later=mail_later,
        )
    )
