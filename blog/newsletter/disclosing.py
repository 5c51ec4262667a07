"""What is held about a subscriber: all of it as data to take along, and the record of consent to read."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from blog.content.models import Article
from blog.lib.db import db
from blog.outbox.models import Delivery, Suppression

from .choosing import chosen_topics
from .erasing import hashes_of
from .masking import masked
from .models import Bounce, Consent, Follow, MailedLink, SignupRequest, Subscriber, SubscriberImport, Wording

_DELIVERY = ("kind", "made_at", "state", "tries", "settled_at")
_NAMING = ("domain", "answer", "message_id")
"""What of a delivery may tell which address it went to."""


def record_of(subscriber: Subscriber) -> Sequence[tuple[Consent, Wording | None]]:
    """Return what the subscriber did and what was done for them, oldest first, with the words they agreed to."""
    query = select(Consent, Wording).join(Wording, Wording.id == Consent.wording_id, isouter=True)
    mine = query.where(Consent.subscriber_id == subscriber.id).order_by(Consent.at, Consent.id)
    return [(deed, words) for deed, words in db.session.execute(mine)]


def everything_about(subscriber: Subscriber) -> dict[str, Any]:
    """Return all that is held about a subscriber, as plain data for a file of JSON.

    Earlier addresses are masked: a stranger with a forwarded letter may have moved the subscription to one of theirs,
    and must not learn whose it was.
    """
    hashes, mine = list(hashes_of(subscriber)), subscriber.id
    return {
        "subscriber": _subscriber(subscriber),
        "topics": "all" if subscriber.all_topics else [one.name for one in chosen_topics(subscriber)],
        "record": [_deed(deed, words, subscriber.hash) for deed, words in record_of(subscriber)],
        "requests": _rows(SignupRequest, SignupRequest.subscriber_id == mine, "asked_at", "answered_at", "answer"),
        "links_mailed": _rows(MailedLink, MailedLink.subscriber_id == mine, "purpose", "made_at", "used_at"),
        "deliveries": _deliveries(hashes, subscriber.hash),
        "follows": _follows(subscriber),
        "bounces": _rows(Bounce, Bounce.hash.in_(hashes), "kind", "at", "status"),
        "suppressed": _rows(Suppression, Suppression.hash.in_(hashes), "reason", "at", "lifted_at"),
    }  # fmt: skip


def _subscriber(subscriber: Subscriber) -> dict[str, Any]:
    names = (
        *("address", "asked_at", "asked_again_at", "first_mailed_at", "confirmed_at", "left_at"),
        *("paused_until", "bounce_score", "bounced_on"),
    )
    brought = db.session.get(SubscriberImport, subscriber.import_id) if subscriber.import_id else None
    basis = {"imported_from": brought.name, "basis_of_the_import": brought.basis} if brought else {}
    return _said(subscriber, *names) | {"keyed_hash": subscriber.hash} | basis


def _deliveries(hashes: list[str], present: str) -> list[dict[str, Any]]:
    mine = select(Delivery).where(Delivery.hash.in_(hashes)).order_by(Delivery.id)
    return [
        _said(row, *_DELIVERY, *(_NAMING if row.hash == present else ())) for row in db.session.scalars(mine)
    ]


def _deed(deed: Consent, words: Wording | None, present: str) -> dict[str, Any]:
    said = _said(deed, "deed", "at", "method", "address", "page", "place", "note")
    if deed.hash != present:
        said |= {"address": masked(deed.address), "page": "", "note": ""}
    return said | {"wording": words.text if words else None, "wording_version": words.key if words else None}


def _follows(subscriber: Subscriber) -> list[dict[str, Any]]:
    mine = select(Follow, Article.title).join(Article, Article.id == Follow.article_id)
    rows = db.session.execute(mine.where(Follow.subscriber_id == subscriber.id).order_by(Follow.id))
    return [_said(follow, "asked_at", "ends_at") | {"article": title} for follow, title in rows]


def _rows(noun: Any, which: Any, *names: str) -> list[dict[str, Any]]:
    order = noun.at if noun is Suppression else noun.id
    return [_said(row, *names) for row in db.session.scalars(select(noun).where(which).order_by(order))]


def _said(row: Any, *names: str) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value
