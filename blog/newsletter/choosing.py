"""What a subscriber chooses: topics, and a pause."""

import calendar
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select

from blog.content.models import Category
from blog.lib.db import db

from .models import Subscriber, SubscriberTopic

PAUSES = (1, 3, 6)
"""Months that a pause may take."""


def chosen_topics(subscriber: Subscriber) -> list[Category]:
    """Return the categories that the subscriber chose, by name; they count where not all are wanted."""
    mine = select(SubscriberTopic.category_id).where(SubscriberTopic.subscriber_id == subscriber.id)
    return list(db.session.scalars(select(Category).where(Category.id.in_(mine)).order_by(Category.name)))


def choose_topics(subscriber: Subscriber, slugs: Collection[str], *, everything: bool) -> None:
    """Send letters about these categories from now on, or about everything. Call inside write()."""
    subscriber.all_topics = everything
    db.session.execute(delete(SubscriberTopic).where(SubscriberTopic.subscriber_id == subscriber.id))
    if everything:
        return
    wanted = db.session.scalars(select(Category.id).where(Category.slug.in_(slugs)))
    db.session.add_all([SubscriberTopic(subscriber_id=subscriber.id, category_id=one) for one in wanted])


def pause(subscriber: Subscriber, months: int, *, at: datetime) -> None:
    """Send nothing for so many months. Call inside write()."""
    years, month = divmod(at.month - 1 + months, 12)
    year, month = at.year + years, month + 1
    last = calendar.monthrange(year, month)[1]  # the 31st has no like in a month of 30
    subscriber.paused_until = at.replace(year=year, month=month, day=min(at.day, last))


def end_pause(subscriber: Subscriber) -> None:
    """Send letters again. Call inside write()."""
    subscriber.paused_until = None
