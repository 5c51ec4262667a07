"""How fast mail goes: per minute in all, and to one domain; counted in the ledger, for all workers together."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select

from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.settings.declaring import Setting

from .models import Delivery
from .telling import tell_team

MANY_A_DAY = 5_000
"""From here on the large mailbox providers treat a sender as one of bulk mail."""
_AT_ONCE = 10
"""Into how many parts a minute is cut, so that its messages do not all go in its first second."""


def _number(typed: str) -> str:
    if not typed.strip().isdecimal() or len(typed.strip()) > 6:
        raise Refused(f"“{typed.strip()}” is not a number of messages; 0 sets no limit.")
    return str(int(typed))


per_minute = Setting(
    "mail.per_minute", "0", "Messages that go out in a minute at most; 0 sets no limit.", _number
)
per_domain = Setting("mail.per_domain_per_minute", "0", "The same to one domain; 0 sets no limit.", _number)


@dataclass
class Pace:
    """How many messages may be claimed at a moment."""

    again_at: datetime
    """When more may be, where too few were left."""
    left: int | None = None
    each: int | None = None
    """What may go to a domain that got nothing lately."""
    lately: dict[str, int] = field(default_factory=dict)
    """What went to each domain lately."""

    def take(self, domain: str) -> bool:
        """Count one more message to a domain, unless it would be one too many."""
        if self.left == 0 or (self.each is not None and self.lately.get(domain, 0) >= self.each):
            return False
        if self.left is not None:
            self.left -= 1
        self.lately[domain] = self.lately.get(domain, 0) + 1
        return True

    @property
    def full(self) -> list[str]:
        """Return the domains that get nothing now."""
        each = self.each
        return [] if each is None else [name for name, count in self.lately.items() if count >= each]


def pace_at(at: datetime) -> Pace:
    """Return what may be claimed now; asked inside write(), two workers together keep to the limits."""
    pace = Pace(again_at=at)
    _limit_all(pace, int(per_minute.get()), at)
    _limit_domains(pace, int(per_domain.get()), at)
    return pace


def _limit_all(pace: Pace, limit: int, at: datetime) -> None:
    if limit:
        most, span = share_of(limit)
        count, first = db.session.execute(
            select(func.count(), func.min(Delivery.tried_at)).where(Delivery.tried_at > at - span)
        ).one()
        pace.left = max(0, most - count)
        if first is not None and not pace.left:
            pace.again_at = first + span


def _limit_domains(pace: Pace, limit: int, at: datetime) -> None:
    if limit:
        pace.each, span = share_of(limit)
        rows = db.session.execute(
            select(Delivery.domain, func.count(), func.min(Delivery.tried_at))
            .where(Delivery.tried_at > at - span)
            .group_by(Delivery.domain)
        ).all()
        pace.lately = {domain: count for domain, count, _ in rows}
        ends = [first + span for _, count, first in rows if first is not None and count >= pace.each]
        if ends and pace.left != 0:
            pace.again_at = min(ends)


def share_of(limit: int) -> tuple[int, timedelta]:
    """Return in which part of a minute how many may go, where so many may in the whole."""
    most = max(1, limit // _AT_ONCE)
    return most, timedelta(seconds=60 * most / limit)


def warn_of_volume(count: int, *, at: datetime) -> str:
    """Tell the team before mail to so many recipients makes a day reach MANY_A_DAY for the first time.

    Returns the sentence, where there is one. Call inside write(), before an issue is scheduled.
    """
    lately = db.session.scalars(select(func.count()).where(Delivery.tried_at > at - timedelta(days=1))).one()
    if lately + count < MANY_A_DAY:
        return ""
    sentence = (
        f"With this issue {lately + count} messages go out within a day. From {MANY_A_DAY} on, large mailbox "
        "providers ask for SPF, DKIM and DMARC of the sender's domain; `doctor mail` checks the records."
    )
    tell_team("mail volume", sentence)
    return sentence
