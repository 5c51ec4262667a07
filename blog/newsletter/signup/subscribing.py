"""Asking for the newsletter."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.dialects.sqlite import insert

from blog.lib.addresses import Address
from blog.lib.prepared import Prepared
from blog.lib.tokens import hash_of_token
from blog.newsletter.links import leave_token_of
from blog.newsletter.models import Consent, Deed, SignupRequest, Subscriber
from blog.outbox.standing import hash_of, new_seed

from . import wording


@dataclass(frozen=True)
class Origin:
    """Where a visitor asked: the page, which form of it, and the key of the words beside it."""

    page: str
    place: str
    wording: str


@dataclass(frozen=True)
class Visitor:
    """Who asked, as far as it decides when a mail follows."""

    network: str = ""
    """Keyed hash of the client's network."""
    browser: str = ""
    """Hash of the random cookie of the browser."""
    later: bool = False
    """Whether this client asked for so much that its mail should wait."""
    turn: int = 1
    """How many posts this client made within the hour."""


_at: BindParameter[datetime] = bindparam("at", type_=Subscriber.asked_at.type)
_typed: BindParameter[str] = bindparam("typed")
_hash: BindParameter[str] = bindparam("hashed")
_seed: BindParameter[str] = bindparam("fresh")
_subscriber: BindParameter[int] = bindparam("subscriber")
_keep_address = Prepared(
    insert(Subscriber)
    .values(
        address=_typed, key=bindparam("compared"), asked_at=_at, asked_again_at=_at, hash=_hash, seed=_seed,
        leave_hash=bindparam("leave"), all_topics=True, bounce_score=0,
    )
    .on_conflict_do_update(index_elements=["key"], set_={"asked_again_at": _at})
    .returning(Subscriber.id),
    int,
)  # fmt: skip
_keep_proof = Prepared(
    insert(Consent)
    .values(
        subscriber_id=_subscriber, deed=Deed.ASKED, at=_at, address=_typed, hash=_hash,
        page=bindparam("on_page"), place=bindparam("in_place"), wording_id=bindparam("words"), note="",
    )
    .returning(Consent.id),
    int,
)  # fmt: skip
_keep_request = Prepared(
    insert(SignupRequest)
    .values(
        subscriber_id=_subscriber, consent_id=bindparam("proof"), asked_at=_at, seed=_seed,
        network=bindparam("from_network"), browser=bindparam("from_browser"),
        later=bindparam("wait", type_=SignupRequest.later.type), turn=bindparam("in_turn"),
        tries=0, answer="",
    )
    .returning(SignupRequest.id),
    int,
)  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What the signed handle of a request is made from."""

    id: int
    seed: str


def ask(address: Address, origin: Origin, visitor: Visitor, *, at: datetime) -> Request:
    """Keep a request for the newsletter together with its proof; the worker decides whether a mail follows.

    Does the same writes for an address that is new, known, or left: nobody can tell from outside.
    """
    hashed, seed = hash_of(address.key), new_seed()
    leave = hash_of_token(leave_token_of(seed))
    subscriber = _keep_address.first(
        typed=address.typed, compared=address.key, at=at, hashed=hashed, fresh=seed, leave=leave
    )
    proof = _keep_proof.first(
        subscriber=subscriber, typed=address.typed, hashed=hashed, at=at, on_page=origin.page,
        in_place=origin.place, words=wording.recorded(origin.wording),
    )  # fmt: skip
    handle_seed = new_seed()
    request = _keep_request.first(
        subscriber=subscriber, proof=proof, at=at, fresh=handle_seed, from_network=visitor.network,
        from_browser=visitor.browser, wait=visitor.later, in_turn=visitor.turn,
    )  # fmt: skip
    if request is None:
        raise RuntimeError("The request was not kept.")
    return Request(request, handle_seed)
