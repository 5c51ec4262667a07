"""Whom an issue reaches."""

from datetime import datetime

from sqlalchemy import Select, func, or_, select

from blog.lib.db import db
from blog.newsletter.models import IssueTopic, Subscriber, SubscriberTopic
from blog.newsletter.queries import reachable


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


def people(count: int) -> str:
    """Return how a number of people is said to the team."""
    return "1 person" if count == 1 else f"{count:,} people"
