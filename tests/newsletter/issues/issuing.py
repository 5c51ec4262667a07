"""Issues for tests: a team that may send, readers, drafts."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from blog.lib.db import db, write
from blog.newsletter.issues import drafting, scheduling
from blog.newsletter.issues.drafting import Words
from blog.newsletter.models import Issue
from blog.outbox.models import Delivery
from blog.settings.declaring import choose
from tests.subscribers import confirmed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
"""When tests write, send and look."""
MINUTE = timedelta(minutes=1)


def may_send(readers: int = 3, **settings: str) -> None:
    """Let the team be able to send, to so many readers."""
    with write() as session:
        choose("site.postal_address", "14 Linden Street, Anytown")
        for key, value in settings.items():
            choose(key.replace("__", "."), value)
        session.add_all([confirmed(f"reader{number}@example.org") for number in range(readers)])


def drafted(subject: str = "Spring", **words: Any) -> str:
    """Write a draft and return its slug."""
    with write():
        return drafting.make(Words(subject, **{"body": "It is *spring*."} | words), at=NOON).slug


def issue(slug: str = "spring") -> Issue:
    """Return the issue as the database holds it now."""
    db.session.rollback()
    return drafting.issue_named(slug)


def sent(slug: str = "spring", count: int = 3, at: datetime = NOON) -> None:
    """Say Send."""
    with write():
        scheduling.send(issue_in_write(slug), count, at=at)


def issue_in_write(slug: str = "spring") -> Issue:
    """Return the issue inside a transaction that writes."""
    return drafting.issue_named(slug)


def chosen(slug: str = "spring") -> int:
    """Return how many deliveries there are of an issue."""
    found = issue(slug)
    return int(db.session.scalars(select(func.count()).where(Delivery.about_id == found.id)).one())
