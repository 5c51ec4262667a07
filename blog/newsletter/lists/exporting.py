"""Everybody on the list, as CSV that spreadsheets open safely and `subscribers import` reads again."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO

from sqlalchemy import func, select

from blog.content.models import Category
from blog.lib.db import db
from blog.newsletter.models import Consent, Deed, Method, Subscriber, SubscriberTopic
from blog.outbox.models import Suppression

from .rows import Standing
from .staging import AT_ONCE
from .values import defused

COLUMNS = (
    "email", "state", "asked_at", "confirmed_at", "left_at", "paused_until", "topics", "basis", "page",
)  # fmt: skip
_REASONS = {"bounced": Standing.BOUNCED, "complained": Standing.COMPLAINED}


def export_list(file: TextIO) -> int:
    """Write everybody whose address is kept, and return how many they are; reads some at a time."""
    writer = csv.writer(file, lineterminator="\r\n")  # with it, cells that hold either are quoted
    writer.writerow(COLUMNS)
    count = 0
    for line in _lines():
        writer.writerow([defused(cell) for cell in line])
        count += 1
    return count


def standing_of(subscriber: Subscriber, suppression: Suppression | None) -> Standing:
    """Return how a subscriber stands here, the suppression of their address considered."""
    if subscriber.left_at or (suppression and suppression.lifted_at is None):
        return _REASONS.get(suppression.reason if suppression else "", Standing.LEFT)
    return Standing.CONFIRMED if subscriber.confirmed_at else Standing.PENDING


def _lines() -> Iterator[list[str]]:
    last = 0
    while True:
        having = select(Subscriber).where(Subscriber.id > last, Subscriber.key.is_not(None))
        found = db.session.scalars(having.order_by(Subscriber.id).limit(AT_ONCE)).all()
        if not found:
            return
        last = found[-1].id
        yield from _written(list(found))
        db.session.rollback()  # so that no long reading keeps the log from being folded back


def _written(found: list[Subscriber]) -> Iterator[list[str]]:
    ids = [row.id for row in found]
    hashes = [row.hash for row in found]
    suppressions = {
        row.hash: row for row in db.session.scalars(select(Suppression).where(Suppression.hash.in_(hashes)))
    }
    topics, proofs = _topics(ids), _proofs(ids)
    for row in found:
        standing = standing_of(row, suppressions.get(row.hash))
        chosen = "all" if row.all_topics else " ".join(topics.get(row.id, ["none"]))
        basis, page = proofs.get(row.id, ("", ""))
        dates = (row.asked_at, row.confirmed_at, row.left_at, row.paused_until)
        yield [row.address or "", standing, *map(_moment, dates), chosen, basis, page]


def _topics(ids: list[int]) -> dict[int, list[str]]:
    chosen: dict[int, list[str]] = {}
    query = (
        select(SubscriberTopic.subscriber_id, Category.slug)
        .join(Category, Category.id == SubscriberTopic.category_id)
        .where(SubscriberTopic.subscriber_id.in_(ids))
        .order_by(Category.slug)
    )
    for number, slug in db.session.execute(query).all():
        chosen.setdefault(number, []).append(slug)
    return chosen


def _proofs(ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return on what consent subscribers stand, in words, and the page they asked on."""
    latest = (
        select(func.max(Consent.id))
        .where(Consent.subscriber_id.in_(ids), Consent.deed.in_([Deed.CONFIRMED, Deed.IMPORTED]))
        .group_by(Consent.subscriber_id)
    )
    proofs = {
        row.subscriber_id: row for row in db.session.scalars(select(Consent).where(Consent.id.in_(latest)))
    }
    asked = select(Consent).where(Consent.id.in_([row.asked_id for row in proofs.values() if row.asked_id]))
    pages = {row.id: row.page for row in db.session.scalars(asked)}
    return {
        number: (_basis(row), row.page or pages.get(row.asked_id or 0, "")) for number, row in proofs.items()
    }


def _basis(proof: Consent) -> str:
    if proof.method is Method.IMPORT:
        return proof.note
    by = f" by {proof.method}" if proof.method else ""
    return f"confirmed{by} on {_moment(proof.at)}"


def _moment(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
