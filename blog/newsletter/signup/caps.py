"""How often one address gets a mail about signing up, whoever asks: outside of what hostile posts can change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from blog.lib.db import db
from blog.newsletter.models import MailedLink, SignupRequest
from blog.outbox.models import OPEN, Delivery, State

CONFIRMATION = "confirmation"
ALREADY = "already"

DAY, MONTH = timedelta(hours=24), timedelta(days=30)
PER_DAY, PER_MONTH = 2, 4
APART = timedelta(minutes=10)
"""Between the first mail of a day and the second."""


@dataclass(frozen=True)
class Mailed:
    """One mail that went to an address, or is under way."""

    at: datetime
    kind: str
    about: int | None
    state: State


@dataclass(frozen=True)
class Room:
    """What one address may get at this moment."""

    refusal: str = ""
    """Why it gets nothing; empty where it may get a mail."""
    only_browser: str | None = None
    """The hash of the one browser whose request still counts today; None where any does."""


def room_for(hashed: str, *, at: datetime) -> Room:
    """Tell what the address with this keyed hash may get: twice in a day, four times in a month."""
    lately = _lately(hashed, at - MONTH)
    today = [mail for mail in lately if mail.at > at - DAY]
    if any(mail.state in OPEN for mail in lately):
        return Room("its mail is under way")
    if len(lately) >= PER_MONTH or len(today) >= PER_DAY:
        return Room("it got enough mail")
    if not today:
        return Room()
    if at - today[0].at < APART:
        return Room("it got a mail a moment ago")
    return Room(only_browser=_browser_of(today[0]))


def _lately(hashed: str, since: datetime) -> list[Mailed]:
    """Return the mails since then, the oldest first; a mail counts from when it was sent."""
    at = func.coalesce(Delivery.settled_at, Delivery.made_at).label("at")
    query = (
        select(at, Delivery.kind, Delivery.about_id, Delivery.state)
        .where(Delivery.hash == hashed, Delivery.kind.in_((CONFIRMATION, ALREADY)), at > since)
        .order_by(at)
    )
    return [Mailed(*row) for row in db.session.execute(query)]


def _browser_of(mail: Mailed) -> str:
    """Return the hash of the browser that a mail was sent for; empty, which is no browser, where none is known."""
    if mail.about is None:
        return ""
    if mail.kind == CONFIRMATION:
        link = db.session.get(MailedLink, mail.about)
        return link.browser if link else ""
    asked = db.session.get(SignupRequest, mail.about)
    return asked.browser if asked else ""
