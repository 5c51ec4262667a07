"""Questions about subscribers; one definition of who may get an issue."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select

from blog.lib.clock import now
from blog.lib.db import db
from blog.outbox.models import Delivery, Suppression

from .models import IssueTopic, Subscriber, SubscriberTopic


def reachable(at: datetime) -> Select[Subscriber]:
    """Return who may get an issue at this moment: confirmed, not left, not pausing, not suppressed."""
    suppressed = select(Suppression.hash).where(
        Suppression.hash == Subscriber.hash, Suppression.lifted_at.is_(None)
    )
    return select(Subscriber).where(
        Subscriber.confirmed_at.is_not(None),
        Subscriber.left_at.is_(None),
        Subscriber.erased_at.is_(None),
        or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= at),
        ~suppressed.exists(),
    )


def audience(issue: int, at: datetime) -> Select[Subscriber]:
    """Return who would get the issue with this id at this moment: reachable, and reading one of its topics.

    An issue without topics is for everybody, also for those who chose some.
    """
    topics = select(IssueTopic.category_id).where(IssueTopic.issue_id == issue)
    reads = select(SubscriberTopic.subscriber_id).where(
        SubscriberTopic.subscriber_id == Subscriber.id, SubscriberTopic.category_id.in_(topics)
    )
    return reachable(at).where(or_(~topics.exists(), Subscriber.all_topics, reads.exists()))


def reach(issue: int, at: datetime) -> int:
    """Return how many people would get the issue with this id at this moment."""
    people = audience(issue, at).with_only_columns(func.count(Subscriber.id))
    return int(db.session.scalars(people).one())


def may_get_letters(delivery: Delivery) -> bool:
    """Tell whether the subscriber of a delivery may get an issue at this very moment."""
    someone = reachable(now()).where(Subscriber.id == delivery.recipient_id).with_only_columns(Subscriber.id)
    return db.session.scalar(someone) is not None
