"""Delivering one message: in words, in bytes, up to the final dot, and past it once that is written down."""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime

from flask import current_app
from sqlalchemy import BindParameter, and_, bindparam, or_, select, update
from sqlalchemy.exc import OperationalError

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.locking import Busy
from blog.lib.prepared import Prepared
from blog.lib.refusing import Refused

from .claiming import LEASE, Claim
from .fencing import note_mark, raise_mark
from .kinds import KINDS, Kind, Letter
from .models import Batch, Delivery, Mailroom, State
from .returning import envelope_sender
from .settling import end, settle, settle_sent
from .smtp.carrying import Carrier
from .smtp.envelope import Envelope
from .smtp.outcomes import Later, Never, Outcome, Sent, tidy
from .writing import write_for_site

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ready:
    """A message in bytes, with its envelope."""

    envelope: Envelope
    message: bytes


@dataclass
class Courier:
    """Delivers claimed messages one after the other over one connection."""

    carrier: Carrier
    unkept: list[tuple[Claim, Outcome]] = field(default_factory=list)
    """What was answered and is not in the database yet: kept with the next message, or by `keep`."""

    def deliver(self, claim: Claim) -> Outcome | None:
        """Take one message as far as it comes; return the server's word, None where it was not asked.

        What it said is kept in the transaction in which the next message begins, or by `keep`.
        """
        ready = self._prepare(claim)
        db.session.rollback()  # no reader may hold the log of the database while a server takes its time
        if ready is None:
            return None
        refusal = self.carrier.offer(ready.envelope, ready.message)
        if refusal is not None:
            self.unkept.append((claim, refusal))
            return refusal
        return self._finish(claim)

    def keep(self) -> None:
        """Write down what was answered."""
        if self.unkept:
            with write():
                self._keep_answers()
            self.unkept.clear()

    def _prepare(self, claim: Claim) -> Ready | None:
        """Compose the message; one that cannot be composed fails alone, whatever the reason."""
        delivery = claim.delivery
        try:
            kind = _kind(delivery)
            if kind.may_still_send(delivery):
                letter = kind.compose(delivery)
                if letter is not None:
                    return _written(delivery, letter)
        except _NOT_ITS_FAULT:
            raise
        except Exception as error:  # whatever it was, the others go on
            self._fail(claim, error)
            return None
        self._settle_now(claim, None)
        return None

    def _finish(self, claim: Claim) -> Outcome | None:
        began = time.monotonic()
        try:
            mark = self._commit(claim)
        except BaseException as error:
            self.carrier.abandon()
            if not isinstance(error, Exception) or isinstance(error, _NOT_ITS_FAULT):
                raise
            self._fail(claim, error)
            return None
        if not mark:
            self.carrier.abandon()
            return None
        hindrance = _noted(mark)
        if hindrance is None and time.monotonic() - began > LEASE.total_seconds() / 2:
            hindrance = _STOOD_STILL
        if hindrance is not None:
            self.carrier.abandon()
        outcome = hindrance or self.carrier.finish()
        self.unkept.append((claim, outcome))
        return outcome

    def _commit(self, claim: Claim) -> int:
        """Write down that it is being delivered, unless it may not be any more; return the mark, or 0."""
        with write():
            self._keep_answers()
            mark = raise_mark() if _begin(claim) else 0
        self.unkept.clear()
        return mark

    def _fail(self, claim: Claim, error: Exception) -> None:
        sentence = _sentence(error)
        _log.warning("Message %d cannot be sent: %s", claim.delivery.id, sentence)
        # What the system refuses now, such as one more open file, it may grant later.
        self._settle_now(claim, Later(sentence) if isinstance(error, OSError) else Never(sentence))

    def _settle_now(self, claim: Claim, outcome: Outcome | None) -> None:
        db.session.rollback()
        with write():
            self._keep_answers()
            delivery = _held_row(claim)
            if delivery is not None and outcome is None:
                end(delivery, State.SUPPRESSED, "", at=now())
            elif delivery is not None and outcome is not None:
                settle(delivery, outcome, at=now())
        self.unkept.clear()

    def _keep_answers(self) -> None:
        for claim, outcome in self.unkept:
            if isinstance(outcome, Sent):
                settle_sent(claim.delivery, claim.token, outcome.reason, at=now())
            else:
                delivery = _held_row(claim)
                if delivery is not None:
                    settle(delivery, outcome, at=now())


_NOT_ITS_FAULT = (OperationalError, Busy)
"""What may go wrong with the database while a message is looked at: it is tried again, message and all."""
_STOOD_STILL = Later("The worker stood still just before it sent this.")


_until: BindParameter[datetime] = bindparam("until", type_=Delivery.made_at.type)
_at: BindParameter[datetime] = bindparam("at", type_=Delivery.made_at.type)
_fenced = select(Mailroom.fenced_at).scalar_subquery()
_runs = select(Batch.id).where(Batch.id == Delivery.batch_id, Batch.paused_at.is_(None)).exists()
_BEGIN = Prepared(
    update(Delivery)
    .where(
        Delivery.id == bindparam("row"),
        Delivery.claim == bindparam("token"),
        Delivery.state == State.CLAIMED,
        Delivery.claimed_until > _at,
        Delivery.address == bindparam("to"),  # erased meanwhile, it must not go where it would have
        or_(_fenced.is_(None), and_(Delivery.batch_id.is_(None), Delivery.made_at >= _fenced)),
        or_(Delivery.batch_id.is_(None), _runs),
    )
    .values(state=State.DELIVERING, claimed_until=_until)
    .returning(Delivery.id),
    int,
)


def _noted(mark: int) -> Later | None:
    """Write the mark into the file of the fence; return why nothing may be sent where that cannot be done."""
    try:
        note_mark(mark)
    except OSError as error:
        return Later(f"The file of the fence cannot be written: {error.strerror}.", everyone=True)
    return None


def _begin(claim: Claim) -> bool:
    """Let a claimed message be delivering, if it still may go; the one moment that decides it. Call inside write()."""
    at, delivery = now(), claim.delivery
    begun = _BEGIN.first(row=delivery.id, token=claim.token, to=delivery.address, at=at, until=at + LEASE)
    if begun is None:
        return False
    if _kind(delivery).may_still_send(delivery):
        return True
    row = _held_row(claim)
    if row is not None:
        end(row, State.SUPPRESSED, "", at=at)
    return False


def _held_row(claim: Claim) -> Delivery | None:
    """Return the row as it is now, if this worker still holds it."""
    row = db.session.get(Delivery, claim.delivery.id, populate_existing=True)
    if row is None or row.claim != claim.token or row.state not in (State.CLAIMED, State.DELIVERING):
        return None
    return row


def _kind(delivery: Delivery) -> Kind:
    kind = KINDS.get(delivery.kind)
    if kind is None:
        raise Refused(f"Nothing in this version writes mail of the kind “{delivery.kind}”.")
    return kind


def _written(delivery: Delivery, letter: Letter) -> Ready:
    message = write_for_site(letter, message_id=delivery.message_id, at=now())
    sender = envelope_sender(current_app.config["MAIL"], delivery.id, delivery.hash)
    return Ready(Envelope(sender, letter.to, delivery.message_id), message)


def _sentence(error: Exception) -> str:
    # The first line alone, without what may be an address in it.
    first = next(iter(str(error).splitlines()), "")
    return tidy(first if isinstance(error, Refused) else f"{type(error).__name__}: {first}")
