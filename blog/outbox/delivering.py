"""Delivering one message: in words, in bytes, up to the final dot, and past it once that is written down."""

import logging
import time
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.locking import Busy
from blog.lib.refusing import Refused

from .claiming import LEASE, Claim
from .fencing import fenced_since, note_mark, raise_mark
from .kinds import KINDS, Kind, Letter
from .models import Batch, Delivery, State
from .returning import envelope_sender
from .settling import end, settle
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
        delivery = db.session.get(Delivery, claim.delivery, populate_existing=True)
        if delivery is None or not _is_ours(delivery, claim):
            return None
        try:
            kind = _kind(delivery)
            if kind.may_still_send(delivery):
                letter = kind.compose(delivery)
                if letter is not None:
                    return _written(delivery, letter)
        except (SQLAlchemyError, Busy):
            raise  # not the message's fault
        except Exception as error:  # whatever it was, the others go on
            _log.warning("Message %d cannot be sent: %s", delivery.id, _sentence(error))
            self._settle_now(claim, Never(_sentence(error)))
            return None
        self._settle_now(claim, None)
        return None

    def _finish(self, claim: Claim) -> Outcome | None:
        began = time.monotonic()
        try:
            mark = self._commit(claim)
        except BaseException:
            self.carrier.abandon()
            raise
        if not mark:
            self.carrier.abandon()
            return None
        note_mark(mark)
        outcome: Outcome = _STOOD_STILL
        if time.monotonic() - began > LEASE.total_seconds() / 2:
            self.carrier.abandon()
        else:
            outcome = self.carrier.finish()
        self.unkept.append((claim, outcome))
        return outcome

    def _commit(self, claim: Claim) -> int:
        """Write down that it is being delivered, unless it may not be any more; return the mark, or 0."""
        with write():
            self._keep_answers()
            delivery = _begin(claim)
            mark = raise_mark() if delivery is not None else 0
        self.unkept.clear()
        return mark

    def _settle_now(self, claim: Claim, outcome: Outcome | None) -> None:
        db.session.rollback()
        with write() as session:
            self._keep_answers()
            delivery = session.get(Delivery, claim.delivery)
            if delivery is not None and _is_ours(delivery, claim):
                if outcome is None:
                    end(delivery, State.SUPPRESSED, "", at=now())
                else:
                    settle(delivery, outcome, at=now())
        self.unkept.clear()

    def _keep_answers(self) -> None:
        for claim, outcome in self.unkept:
            delivery = db.session.get(Delivery, claim.delivery)
            if delivery is not None and (_is_ours(delivery, claim) or _is_news(delivery, claim, outcome)):
                settle(delivery, outcome, at=now())


_STOOD_STILL = Later("The worker stood still just before it sent this.")


def _is_ours(delivery: Delivery, claim: Claim) -> bool:
    return delivery.claim == claim.token and delivery.state in (State.CLAIMED, State.DELIVERING)


def _is_news(delivery: Delivery, claim: Claim, outcome: Outcome) -> bool:
    """Tell whether an answer that came after our lease was over says more than what was decided meanwhile."""
    waits = delivery.state in (State.IN_DOUBT, State.QUEUED)
    return isinstance(outcome, Sent) and waits and delivery.claim == claim.token


def _begin(claim: Claim) -> Delivery | None:
    """Let a claimed message be delivering, if it still may go; the one moment that decides it. Call inside write()."""
    delivery = db.session.get(Delivery, claim.delivery)
    at = now()
    if delivery is None or delivery.claim != claim.token or delivery.state is not State.CLAIMED:
        return None
    if delivery.claimed_until is None or delivery.claimed_until <= at or _is_held(delivery):
        return None
    if not _kind(delivery).may_still_send(delivery):
        end(delivery, State.SUPPRESSED, "", at=at)
        return None
    delivery.state, delivery.claimed_until = State.DELIVERING, at + LEASE
    return delivery


def _is_held(delivery: Delivery) -> bool:
    since = fenced_since()
    if delivery.batch_id is None:
        return since is not None and delivery.made_at < since
    return since is not None or db.session.get_one(Batch, delivery.batch_id).paused_at is not None


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
