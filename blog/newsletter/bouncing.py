"""What comes back: addresses that are gone leave, those that fail again and again pause, complaints leave at once.

A report is believed when it came to the address that was made for its delivery, or names our Message-ID and the
delivery's recipient; others are counted and change nothing.
"""

import enum
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, literal, select, update

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.prepared import Prepared
from blog.outbox.models import Delivery, Mailroom, State
from blog.outbox.reports import Report, Says
from blog.outbox.returning import delivery_of
from blog.outbox.standing import hash_of
from blog.outbox.suppressing import suppress
from blog.outbox.verdicts import Verdict, enhanced_in, verdict_on, verdict_on_answer

from .leaving import leave
from .models import Bounce, Method, Subscriber

PAUSES_AT = 5
"""Days on which mail to an address failed, after which it pauses."""
PAUSE = timedelta(days=90)
"""How long: then one letter tries again, and one more failure makes another pause."""
PROVES_AFTER = timedelta(days=5)
"""How long a letter may still come back; one that did not has arrived."""
COMPLAINT = "complaint"
_SCORED = Prepared(
    select(Subscriber.id).where(Subscriber.hash == bindparam("hash"), Subscriber.bounce_score > 0).limit(1),
    int,
)


class Became(enum.StrEnum):
    """What became of a report."""

    COUNTED = "counted"
    KNOWN = "known already"
    NOTHING = "about nothing that failed"
    FOREIGN = "about nothing that we sent"


def count_report(report: Report, *, at: datetime) -> Became:
    """Draw the consequences of a report, once. Call inside write()."""
    delivery = _delivery_it_is_about(report)
    if delivery is None:
        db.session.execute(update(Mailroom).values(ignored_reports=Mailroom.ignored_reports + 1))
        return Became.FOREIGN
    if report.says is Says.UNWANTED:
        return _count(delivery, COMPLAINT, report.diagnosis, at)
    if report.says is Says.FAILED:
        said = f"{report.status} {report.diagnosis}".strip()
        return _count(delivery, verdict_on(report.status, report.diagnosis), said, at)
    return Became.NOTHING


def count_settled(delivery: Delivery) -> None:
    """Count what the mail server said of a delivery at once: a final no, or a yes. Call inside write()."""
    if delivery.state is State.FAILED:
        verdict = verdict_on_answer(delivery.answer)
        if verdict:
            _count(delivery, verdict, delivery.answer, now())
    elif delivery.state is State.SENT:
        _forget_failures(delivery)


def is_paused_by_bounces(subscriber: Subscriber) -> bool:
    """Tell whether a pause came from mail that failed, and not from the subscriber."""
    return subscriber.bounce_score >= PAUSES_AT and subscriber.paused_until is not None


def _delivery_it_is_about(report: Report) -> Delivery | None:
    for address in report.came_for:
        number = delivery_of(address)
        delivery = db.session.get(Delivery, number) if number else None
        if delivery:
            return delivery
    named = [address_from(typed) for typed in report.recipients]
    hashes = {hash_of(address.key) for address in named if address}
    chosen = Delivery.message_id != literal("", literal_execute=True)  # as its partial index says it
    wanted = select(Delivery).where(Delivery.message_id.in_(report.message_ids), chosen)
    for delivery in db.session.scalars(wanted):
        # Who complains through a provider is often hidden in its report; a Message-ID is random, and theirs alone.
        if delivery.hash in hashes or (not hashes and report.says is Says.UNWANTED):
            return delivery
    return None


def _count(delivery: Delivery, kind: str, said: str, at: datetime) -> Became:
    same = exists().where(Bounce.delivery_id == delivery.id, Bounce.kind == kind)
    if db.session.scalar(select(same)):
        return Became.KNOWN
    subscriber = _subscriber_at(delivery)
    # Of somebody who was erased meanwhile, what a server says may name the mailbox.
    status = _without_addresses(said) if subscriber else enhanced_in(said)
    db.session.add(Bounce(delivery_id=delivery.id, hash=delivery.hash, kind=kind, at=at, status=status))
    if kind == COMPLAINT:
        _take_out(delivery, subscriber, Method.COMPLAINT, "complained", at)
    elif kind == Verdict.HARD:
        _take_out(delivery, subscriber, Method.BOUNCE, "bounced", at)
    elif kind == Verdict.SOFT and subscriber:
        _raise_score(subscriber, at)
    return Became.COUNTED


def _subscriber_at(delivery: Delivery) -> Subscriber | None:
    """Return who has the address now: it may have been changed since, and the new one did not fail."""
    having = select(Subscriber).where(Subscriber.hash == delivery.hash, Subscriber.key.is_not(None))
    return db.session.scalars(having).first()


def _take_out(
    delivery: Delivery, subscriber: Subscriber | None, method: Method, reason: str, at: datetime
) -> None:
    if subscriber:
        leave(subscriber, method, at=at, reason=reason)
    elif (
        delivery.recipient_id is not None
    ):  # erased or changed since; mail to the team is nobody's to suppress
        suppress(delivery.hash, reason, at=at)


def _raise_score(subscriber: Subscriber, at: datetime) -> None:
    if subscriber.bounced_on == at.date():
        return
    subscriber.bounced_on = at.date()
    subscriber.bounce_score += 1
    if subscriber.bounce_score >= PAUSES_AT:
        subscriber.paused_until = max(at + PAUSE, subscriber.paused_until or at)


def _forget_failures(delivery: Delivery) -> None:
    """Forget earlier failures where an earlier letter was accepted since the last of them, and never came back.

    That a server accepted this one proves little: many say later that it failed.
    """
    if _SCORED.first(hash=delivery.hash) is None:  # asked for every letter that is sent
        return
    subscriber = _subscriber_at(delivery)
    if subscriber is None or subscriber.bounced_on is None:
        return
    settled = select(func.max(Delivery.settled_at)).where(
        Delivery.hash == delivery.hash,
        Delivery.state == State.SENT,
        Delivery.settled_at <= now() - PROVES_AFTER,
        Delivery.id != delivery.id,
    )
    arrived = db.session.scalar(settled)
    if arrived and arrived.date() > subscriber.bounced_on:
        subscriber.bounce_score, subscriber.bounced_on = 0, None


def _without_addresses(said: str) -> str:
    words = " ".join(said.split())
    return " ".join("…" if "@" in word or "%40" in word else word for word in words.split(" "))[:200]
