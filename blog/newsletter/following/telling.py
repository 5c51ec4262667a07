"""Telling followers: one mail for each change of an article, to each of them at most once."""

from datetime import datetime

from sqlalchemy import delete, select, update

from blog.content.models import Article
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.batching import queue_for_all
from blog.newsletter.models import Follow, Subscriber
from blog.newsletter.queries import reachable
from blog.settings import identity

from .keeping import ahead, mark

UPDATED = "follow"
"""The kind of mail that says that an article was updated (mails.py)."""
REVIEWED = "follow, reviewed"
"""The kind of mail that says that it was reviewed again."""


def tell_followers() -> None:
    """Queue a mail to everyone who follows an article that has changed, and forget who follows no more. A chore.

    Without a postal address, which every letter shows, it waits.
    """
    at = now()
    over = select(Follow.id).where(Follow.ends_at <= at).limit(1)
    if db.session.scalar(over) is None and not _changed(at):
        return
    with write() as session:
        session.execute(delete(Follow).where(Follow.ends_at <= at))
        for article in _changed(at) if identity.postal_address.get() else ():
            _tell(article, at)


def _changed(at: datetime) -> list[int]:
    """Return the articles of which a follower knows less than there is to know."""
    return list(db.session.scalars(ahead(at).with_only_columns(Follow.article_id).distinct()))


def _tell(article: int, at: datetime) -> None:
    for kind, only_reviewed in ((UPDATED, 0), (REVIEWED, 1)):
        whose = ahead(at, only_reviewed).where(Follow.article_id == article)
        people = reachable(at).where(Subscriber.id.in_(whose.with_only_columns(Follow.subscriber_id)))
        if db.session.execute(whose.limit(1)).first():
            queue_for_all(kind, people, about=article, at=at)
    known = select(mark(at)).where(Article.id == article).scalar_subquery()
    db.session.execute(
        update(Follow)
        .where(Follow.article_id == article)
        .values(known_change=known)
        .execution_options(synchronize_session=False)
    )
