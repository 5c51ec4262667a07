"""Keeping what became of a message: each answer ends it, or plans another try."""

import logging
import random
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, Select, bindparam, case, func, or_, select, update

from blog.lib.db import by_itself, db
from blog.lib.prepared import Prepared

from .kinds import KINDS, nothing_follows
from .models import OPEN, Batch, Delivery, Mailroom, State
from .smtp.outcomes import InDoubt, Later, Never, Outcome, Sent, Stop
from .telling import all_clear, tell_team

GIVE_UP_AFTER = timedelta(days=3)
"""How long after its first try a message that is refused for now is tried again."""
STOPPED = "mail stopped"
"""What the team's notice is known by that the mail server refuses us."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
_log = logging.getLogger(__name__)
_UNTOLD = (State.DELIVERING, State.IN_DOUBT, State.QUEUED)
"""In which a row may be found whose worker was so slow that its lease was over before it had its answer."""
_STILL_OPEN = Prepared(
    select(Delivery.id)
    .where(Delivery.batch_id == bindparam("batch"), or_(*(Delivery.state == state for state in OPEN)))
    .limit(1),
    int,
)
_at: BindParameter[datetime] = bindparam("at", type_=Delivery.made_at.type)
_KEEP_SENT = Prepared(
    update(Delivery)
    .where(
        Delivery.id == bindparam("row"),
        Delivery.claim == bindparam("token"),
        or_(*(Delivery.state == state for state in _UNTOLD)),
    )
    .values(
        state=State.SENT, answer=bindparam("said"), settled_at=_at, claimed_until=None,
        address=case((Delivery.urgent, ""), else_=Delivery.address),
    )
    .returning(Delivery.id),
    int,
)  # fmt: skip
_LOST = "The worker ended while this was being sent: perhaps it arrived."


def settle(delivery: Delivery, outcome: Outcome, *, at: datetime) -> None:
    """Keep what a mail server answered. Call inside write()."""
    delivery.answer = outcome.reason
    if isinstance(outcome, Sent):
        end(delivery, State.SENT, outcome.reason, at=at)
    elif isinstance(outcome, Never):
        end(delivery, State.FAILED, outcome.reason, at=at)
    elif isinstance(outcome, Stop):
        _stop(delivery, outcome, at)
    elif isinstance(outcome, InDoubt) and not delivery.urgent:
        end(delivery, State.IN_DOUBT, outcome.reason, at=at)
    else:
        _try_again(delivery, outcome, at)


def settle_orphan(delivery: Delivery, *, at: datetime) -> None:
    """Decide about a message whose worker died, or stands still, around its final dot. Call inside write().

    The claim stays, so that a worker that was only slow may still say that it was sent.
    """
    if delivery.urgent:
        delivery.state, delivery.next_try_at, delivery.claimed_until = State.QUEUED, at, None
        delivery.answer = _LOST
    else:
        end(delivery, State.IN_DOUBT, _LOST, at=at)


def settle_sent(delivery: Delivery, token: str, answer: str, *, at: datetime) -> None:
    """Keep that a server took a message, in one statement. Call inside write().

    Changes nothing where the row is another worker's by now; a lease that was over meanwhile does not matter.
    """
    if _KEEP_SENT.first(row=delivery.id, token=token, said=answer, at=at) is None:
        return
    delivery.state, delivery.answer, delivery.settled_at = State.SENT, answer, at
    _follow(delivery, at)


def end(delivery: Delivery, state: State, answer: str, *, at: datetime) -> None:
    """Let a message rest in a state that it does not leave. Call inside write().

    A transactional one is rid of its address; the hash stays.
    """
    delivery.state, delivery.answer = state, answer
    delivery.settled_at, delivery.claimed_until = at, None
    if delivery.urgent:
        delivery.address = ""
    db.session.flush()  # prepared questions do not see what the session has not written
    _follow(delivery, at)


def _follow(delivery: Delivery, at: datetime) -> None:
    """Tell whoever composed it, and end its batch where it was the last."""
    kind = KINDS.get(delivery.kind)
    if kind is not None and kind.settled is not nothing_follows:
        try:
            with by_itself():
                kind.settled(delivery)
        except Exception:  # it was sent all the same, and must not be forgotten
            _log.exception("What follows from message %d being %s failed:", delivery.id, delivery.state)
    if delivery.batch_id is not None:
        _end_batch(delivery.batch_id, at)


def counts(batch: int) -> dict[State, int]:
    """Return how many deliveries of a batch there are in each state that occurs.

    When the batch is done, those that were sent, failed, suppressed and in doubt are all that were chosen.
    """
    by_state = select(Delivery.state, func.count()).where(Delivery.batch_id == batch).group_by(Delivery.state)
    return {state: count for state, count in db.session.execute(by_state).all()}  # noqa: C416 (rows are typed as no pairs)


def pause_batch(batch: Batch, because: str, *, at: datetime) -> None:
    """Let a batch stand still until somebody resumes it. Call inside write()."""
    if batch.done_at is None and batch.paused_at is None:
        batch.paused_at, batch.paused_because = at, because


def resume_batch(batch: Batch) -> None:
    """Let a batch go on, and ask the mail server at once, however long it was to be left alone. Call inside write()."""
    batch.paused_at, batch.paused_because = None, ""
    room = db.session.scalars(select(Mailroom)).one()
    room.stopped_at, room.stopped_because = None, ""
    all_clear(STOPPED)
    all_clear(f"batch {batch.id} stopped")


def pause_after(tries: int) -> timedelta:
    """Return how long to wait after so many tries: about twice as long each time, never for two the same."""
    # 2**20 minutes are years: more would overflow.
    doubled: int = 2 ** min(max(tries - 1, 0), 20)
    return min(LONGEST_PAUSE, FIRST_PAUSE * doubled) * random.uniform(0.8, 1.2)  # noqa: S311 (spreads tries, keeps no secret)


def _try_again(delivery: Delivery, outcome: Later | InDoubt | Stop, at: datetime) -> None:
    if delivery.first_tried_at is not None and at - delivery.first_tried_at >= GIVE_UP_AFTER:
        state = State.IN_DOUBT if isinstance(outcome, InDoubt) else State.FAILED
        end(delivery, state, outcome.reason, at=at)
        return
    delivery.state, delivery.claimed_until, delivery.claim = State.QUEUED, None, ""
    delivery.next_try_at = at + pause_after(delivery.tries)


def _stop(delivery: Delivery, outcome: Stop, at: datetime) -> None:
    batch = db.session.get(Batch, delivery.batch_id) if delivery.batch_id is not None else None
    if batch is None:
        room = db.session.scalars(select(Mailroom)).one()
        room.stopped_at, room.stopped_because = room.stopped_at or at, outcome.reason
        tell_team(STOPPED, f"The mail server refuses to take mail from us: {outcome.reason}")
        _try_again(delivery, outcome, at)
        return
    if _is_refused_alone(delivery):
        end(delivery, State.FAILED, f"Refused again, while others went: {outcome.reason}", at=at)
        return
    pause_batch(batch, outcome.reason, at=at)
    delivery.state, delivery.claimed_until, delivery.claim = State.QUEUED, None, ""
    delivery.stopped_at = delivery.next_try_at = at  # whoever resumes the batch does not wait for it
    tell_team(
        f"batch {batch.id} stopped",
        f"Sending stands still, since the mail server refuses it for everyone: {outcome.reason} "
        "See to it, then resume it; nobody was suppressed.",
    )


def _is_refused_alone(delivery: Delivery) -> bool:
    """Tell whether a letter that is refused in words about everybody is refused alone, such as for its own links.

    It was refused so before, and since then others of its batch were sent, or there are none left that could show it.
    """
    if delivery.stopped_at is None:
        return False
    of_batch = select(Delivery.id).where(Delivery.batch_id == delivery.batch_id)
    sent = of_batch.where(Delivery.state == State.SENT)
    untried = of_batch.where(
        Delivery.state.in_(OPEN), Delivery.stopped_at.is_(None), Delivery.id != delivery.id
    )
    if _is_any(sent.where(Delivery.settled_at > delivery.stopped_at)):
        return True
    return _is_any(sent) and not _is_any(untried)


def _is_any(rows: Select[int]) -> bool:
    return db.session.scalars(rows.limit(1)).first() is not None


def _end_batch(batch_id: int, at: datetime) -> None:
    if _STILL_OPEN.first(batch=batch_id) is None:
        batch = db.session.get_one(Batch, batch_id)
        batch.done_at = batch.done_at or at
