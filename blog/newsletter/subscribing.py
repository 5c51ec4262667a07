"""Asking for the newsletter."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.dialects.sqlite import insert

from blog.lib.addresses import Address
from blog.lib.prepared import Prepared

from . import wording
from .models import Consent, Subscriber


@dataclass(frozen=True)
class Origin:
    """Where a visitor asked: the page, which form of it, and the key of the words beside it."""

    page: str
    place: str
    wording: str


_at: BindParameter[datetime] = bindparam("at", type_=Subscriber.asked_at.type)
_typed: BindParameter[str] = bindparam("typed")
_keep_address = Prepared(
    insert(Subscriber)
    .values(address=_typed, key=bindparam("compared"), asked_at=_at, asked_again_at=_at)
    .on_conflict_do_update(index_elements=["key"], set_={"asked_again_at": _at})
    .returning(Subscriber.id),
    int,
)
_keep_proof = Prepared(
    insert(Consent).values(
        subscriber_id=bindparam("subscriber"),
        address=_typed,
        asked_at=_at,
        page=bindparam("on_page"),
        place=bindparam("in_place"),
        wording_id=bindparam("words"),
        mail_later=bindparam("later", type_=Consent.mail_later.type),
    ),
    tuple,
)


def ask(address: Address, origin: Origin, *, at: datetime, mail_later: bool) -> None:
    """Keep a request for the newsletter together with its proof.

    Does the same writes for an address that is new, known, or left: nobody can tell from outside.
    """
    _keep_proof.run(
        subscriber=_keep_address.first(typed=address.typed, compared=address.key, at=at),
        typed=address.typed,
        at=at,
        on_page=origin.page,
        in_place=origin.place,
        words=wording.recorded(origin.wording),
        later=mail_later,
    )
