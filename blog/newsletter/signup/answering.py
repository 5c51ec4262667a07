"""Answering requests for the newsletter: whether a mail follows, and which; done by the worker, in short turns."""

from datetime import datetime

from flask import current_app
from sqlalchemy import BindParameter, bindparam, select, update

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.prepared import Prepared
from blog.newsletter.models import MailedLink, Purpose, SignupRequest, Subscriber
from blog.outbox.posting import post
from blog.outbox.standing import new_seed

from .breaker import LOOK_AGAIN, count_mail, end_notice, may_mail, room_for_later, tell_of_waiting
from .caps import ALREADY, CONFIRMATION, room_for

AT_ONCE = 20
"""Subscribers that are answered in one transaction, which visitors' posts wait for."""
TOGETHER = 2_000
"""Requests for one subscriber that are answered in one transaction."""
TURNS = 10
"""Transactions in one go; then the worker looks at what else is due."""
BACK = 60
"""How far back a request of the slow lane goes when it was its turn and a cap still kept it waiting."""
_LOOKED = "newsletter looked at the slow lane"

_waiting = SignupRequest.answered_at.is_(None)
_lane: BindParameter[bool] = bindparam("lane", type_=SignupRequest.later.type)
WAITING = Prepared(
    select(SignupRequest.subscriber_id)
    .where(_waiting, SignupRequest.later == _lane)
    .order_by(SignupRequest.turn, SignupRequest.id)
    .limit(bindparam("most")),
    int,
)
"""Whose requests wait in one of the two lanes; those first whose client asked for little."""
_of_one = (
    select(SignupRequest.id)
    .where(SignupRequest.subscriber_id == bindparam("whose"), _waiting)
    .limit(TOGETHER)
)
_close = Prepared(
    update(SignupRequest)
    .where(SignupRequest.id.in_(_of_one))
    .values(answered_at=bindparam("at", type_=SignupRequest.asked_at.type), answer=bindparam("said")),
    tuple,
)
_hold = Prepared(
    update(SignupRequest)
    .where(SignupRequest.id.in_(_of_one))
    .values(later=True, turn=SignupRequest.turn + bindparam("back")),
    tuple,
)


def answer_requests() -> datetime | None:
    """Answer the requests that wait, those of the slow lane by and by; return when to look again.

    A step of the worker: opens its own transactions, and none while nobody waits.
    """
    for _ in range(TURNS):
        whose = _next(later=False, most=AT_ONCE)
        if not whose:
            return _answer_later()
        with write():
            for subscriber_id in dict.fromkeys(whose):
                answer(subscriber_id, at=now())
    return now()


def _answer_later() -> datetime | None:
    """Answer as many of the slow lane as may be mailed at this moment."""
    at = now()
    if not _next(later=True, most=1):
        end_notice(at)
        return None
    looked: datetime | None = current_app.extensions.get(_LOOKED)
    if looked is not None and looked <= at < looked + LOOK_AGAIN:
        return looked + LOOK_AGAIN
    current_app.extensions[_LOOKED] = at
    room = room_for_later(at)
    if room:
        with write():
            for subscriber_id in dict.fromkeys(WAITING.all(lane=True, most=AT_ONCE)):
                room -= answer(subscriber_id, later=True, at=at)
                if not room:
                    break
    return at + LOOK_AGAIN


def _next(*, later: bool, most: int) -> list[int]:
    whose = WAITING.all(lane=later, most=most)
    db.session.rollback()  # a reader that stays would keep the write-ahead log from being folded back
    return whose


def answer(subscriber_id: int, *, later: bool = False, at: datetime) -> bool:
    """Answer all requests for one subscriber that wait; tell whether a mail goes. Call inside write().

    One mail answers them all. Where a cap of the breaker is reached they wait on, in the slow lane.
    """
    subscriber = db.session.get_one(Subscriber, subscriber_id)
    chosen, refusal = _chosen(subscriber, at)
    if chosen is None:
        _close.run(whose=subscriber_id, at=at, said=refusal)
        return False
    domain = str(subscriber.key).rpartition("@")[2]
    if not may_mail(chosen.network, domain, at=at):
        _hold.run(whose=subscriber_id, back=BACK if later else 0)
        tell_of_waiting()
        return False
    count_mail(chosen.network, domain, later=later, at=at)
    chosen.answered_at, chosen.answer = at, "mailed"
    _mail(subscriber, chosen, at)
    _close.run(whose=subscriber_id, at=at, said="answered together with another")
    return True


def _chosen(subscriber: Subscriber, at: datetime) -> tuple[SignupRequest | None, str]:
    """Return the waiting request that a mail answers, or None and why there is none.

    Of several that of the client who asked for least, the newest of those: whoever floods us with requests for
    somebody else's address does not decide when that person's own request is answered.
    """
    waiting = select(SignupRequest).where(SignupRequest.subscriber_id == subscriber.id, _waiting)
    newest = db.session.scalars(waiting.order_by(SignupRequest.id.desc()).limit(1)).first()
    if newest is None:
        return None, ""
    moments = (subscriber.confirmed_at, subscriber.left_at, subscriber.erased_at)
    if any(moment is not None and newest.asked_at < moment for moment in moments):
        return None, "the person confirmed or left since"
    room = room_for(subscriber.hash, at=at)
    if room.refusal:
        return None, room.refusal
    if room.only_browser is not None:
        waiting = waiting.where(SignupRequest.browser == room.only_browser, SignupRequest.browser != "")
    chosen = db.session.scalars(
        waiting.order_by(SignupRequest.turn, SignupRequest.id.desc()).limit(1)
    ).first()
    return chosen, "" if chosen else "it got a mail today, and another browser asked"


def _mail(subscriber: Subscriber, asked: SignupRequest, at: datetime) -> None:
    """Put the mail into the outbox: the one to confirm, or the one that says that there is nothing to confirm."""
    to = str(subscriber.address)
    if subscriber.confirmed_at and not subscriber.left_at:
        post(ALREADY, to, at=at, recipient=subscriber.id, about=asked.id)
        return
    link = MailedLink(
        subscriber_id=subscriber.id,
        request_id=asked.id,
        purpose=Purpose.CONFIRM,
        made_at=at,
        seed=new_seed(),
        browser=asked.browser,
        tries=0,
        data={},
    )
    db.session.add(link)
    db.session.flush()
    post(CONFIRMATION, to, at=at, recipient=subscriber.id, about=link.id)
