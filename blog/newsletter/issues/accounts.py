"""What became of an issue, in numbers: chosen = sent + failed + suppressed + in doubt, and what is still open."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from blog.lib.db import db
from blog.newsletter.models import Issue
from blog.outbox.models import OPEN, Batch, Delivery, State
from blog.outbox.settling import counts

MOST_REASONS = 20


@dataclass(frozen=True)
class Account:
    """How many recipients an issue has, by what became of each."""

    sent: int = 0
    failed: int = 0
    suppressed: int = 0
    in_doubt: int = 0
    still_open: int = 0
    paused_because: str = ""
    """Empty where it is not paused."""

    @property
    def chosen(self) -> int:
        """Return how many were chosen when it started."""
        return self.sent + self.failed + self.suppressed + self.in_doubt + self.still_open

    def __str__(self) -> str:
        words = (
            f"{self.chosen:,} chosen = {self.sent:,} sent + {self.failed:,} failed + "
            f"{self.suppressed:,} suppressed + {self.in_doubt:,} in doubt"
        )
        return f"{words} + {self.still_open:,} waiting" if self.still_open else words


def account_of(issue: Issue) -> Account:
    """Count what became of each delivery of an issue."""
    batch = db.session.get(Batch, issue.batch_id) if issue.batch_id else None
    number = counts(batch.id) if batch else {}
    return Account(
        number.get(State.SENT, 0),
        number.get(State.FAILED, 0),
        number.get(State.SUPPRESSED, 0),
        number.get(State.IN_DOUBT, 0),
        sum(number.get(state, 0) for state in OPEN),
        (batch.paused_because or "no reason given") if batch and batch.paused_at else "",
    )


def reasons_of(issue: Issue) -> Iterable[tuple[State, str, int]]:
    """Return why deliveries failed or are in doubt, in the mail servers' words, the most frequent first."""
    number = func.count()
    rows = db.session.execute(
        select(Delivery.state, Delivery.answer, number)
        .where(
            Delivery.batch_id == issue.batch_id,
            Delivery.state.in_((State.FAILED, State.SUPPRESSED, State.IN_DOUBT)),
        )
        .group_by(Delivery.state, Delivery.answer)
        .order_by(number.desc(), Delivery.answer)
        .limit(MOST_REASONS)
    )
    return [(state, answer or "no answer was kept", count) for state, answer, count in rows]
