"""Confirming a signup: by the code, by the link in the browser that asked, or by the button behind the link."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import exists, select, update

from blog.lib.db import db
from blog.newsletter.links import fresh_link
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose, SignupRequest, Subscriber
from blog.newsletter.recording import record
from blog.outbox.models import Suppression
from blog.outbox.suppressing import lift

from .codes import is_code_of, request_of
from .welcoming import welcome

CODE_LIVES = timedelta(hours=1)
LINK_LIVES = timedelta(days=7)
TRIES = 5
"""Wrong codes after which a code is worth nothing; never counted anew."""


class Finding(enum.Enum):
    """What a code or a link turned out to be."""

    CONFIRMED = "confirmed"
    """Just now, or before by the same code or link: the person is in."""
    ASKS = "asks"
    """A link that is good, in a browser that did not ask: somebody must press the button."""
    WORTHLESS = "worthless"
    """Wrong, too old, or tried too often; which of these is not told."""


def confirm_by_code(handle: str, typed: str, *, at: datetime) -> Finding:
    """Confirm by a code that was typed under the handle of a request. Call inside write().

    Any code counts that was mailed to the address within the hour; asking again made none of them worthless.
    A wrong one costs each of them a try, and costs the same writes where there is none.
    """
    asked = request_of(handle)
    if asked is None:
        return Finding.WORTHLESS
    live = _live_codes(asked.subscriber_id, at)
    for link in live:
        if is_code_of(link, typed):
            return _confirm(link, Method.CODE, at)
    asked.tries += 1
    for link in live:
        link.tries += 1
    return Finding.WORTHLESS


def look_at_link(token: str, *, at: datetime) -> Finding:
    """Tell what a link is good for. Only reads."""
    link = fresh_link(Purpose.CONFIRM, token)
    if link is None:
        return Finding.WORTHLESS
    subscriber = db.session.get_one(Subscriber, link.subscriber_id)
    if link.used_at is not None:
        return Finding.CONFIRMED if _is_in(subscriber) else Finding.WORTHLESS
    return Finding.ASKS if _is_good(link, subscriber, at) else Finding.WORTHLESS


def confirm_by_link(token: str, *, browser: str, pressed: bool, at: datetime) -> Finding:
    """Confirm by a link: at once in a browser that asked, elsewhere only when the button was pressed.

    Browser: the hash of its cookie, empty where it has none. Call inside write().
    """
    found = look_at_link(token, at=at)
    link = fresh_link(Purpose.CONFIRM, token)
    if found is not Finding.ASKS or link is None:
        return found
    if _asked_from(link.subscriber_id, browser):
        return _confirm(link, Method.SAME_BROWSER, at)
    return _confirm(link, Method.BUTTON, at) if pressed else Finding.ASKS


def _confirm(link: MailedLink, method: Method, at: datetime) -> Finding:
    """Let the person in, once; the same code or link again finds them in and writes nothing."""
    subscriber = db.session.get_one(Subscriber, link.subscriber_id)
    if link.used_at is not None:
        return Finding.CONFIRMED if _is_in(subscriber) else Finding.WORTHLESS
    if not _is_good(link, subscriber, at):
        return Finding.WORTHLESS
    _use_up(subscriber, at)
    _keep_proof(subscriber, link, method, at)
    subscriber.confirmed_at, subscriber.left_at = at, None
    # Whoever asks for the newsletter anew wants it, and what their mailbox said before no longer holds.
    subscriber.paused_until, subscriber.bounce_score, subscriber.bounced_on = None, 0, None
    lift(subscriber.hash, at=at)
    welcome(subscriber, at=at)
    return Finding.CONFIRMED


def _live_codes(subscriber_id: int, at: datetime) -> list[MailedLink]:
    query = select(MailedLink).where(
        MailedLink.subscriber_id == subscriber_id,
        MailedLink.purpose == Purpose.CONFIRM,
        MailedLink.made_at > at - CODE_LIVES,
        MailedLink.tries < TRIES,
    )
    return list(db.session.scalars(query.order_by(MailedLink.id)))


def _is_good(link: MailedLink, subscriber: Subscriber, at: datetime) -> bool:
    """Tell whether an unused link may still confirm: nobody is brought back by what they asked for before leaving."""
    if subscriber.address is None or link.made_at <= at - LINK_LIVES:
        return False
    suppressed = db.session.get(Suppression, subscriber.hash)
    out = suppressed.at if suppressed is not None and suppressed.lifted_at is None else None
    return all(moment is None or moment <= _asked_at(link) for moment in (subscriber.left_at, out))


def _asked_at(link: MailedLink) -> datetime:
    asked = db.session.get(SignupRequest, link.request_id) if link.request_id else None
    return asked.asked_at if asked else link.made_at


def _is_in(subscriber: Subscriber) -> bool:
    return subscriber.confirmed_at is not None and subscriber.left_at is None


def _asked_from(subscriber_id: int, browser: str) -> bool:
    """Tell whether this browser asked for this subscriber, be it with another request than the one that was mailed."""
    asked = select(SignupRequest.id).where(
        SignupRequest.subscriber_id == subscriber_id, SignupRequest.browser == browser
    )
    return browser != "" and bool(db.session.scalar(select(exists(asked))))


def _use_up(subscriber: Subscriber, at: datetime) -> None:
    """Let every link to confirm that was mailed to this subscriber be used: each now says that they are in."""
    db.session.execute(
        update(MailedLink)
        .where(
            MailedLink.subscriber_id == subscriber.id,
            MailedLink.purpose == Purpose.CONFIRM,
            MailedLink.used_at.is_(None),
        )
        .values(used_at=at)
    )


def _keep_proof(subscriber: Subscriber, link: MailedLink, method: Method, at: datetime) -> None:
    """Keep the deed beside the request that it confirms, with the words that were shown then."""
    request = db.session.get(SignupRequest, link.request_id) if link.request_id else None
    asked = db.session.get(Consent, request.consent_id) if request else None
    record(subscriber, Deed.CONFIRMED, method, at=at, asked=asked)
