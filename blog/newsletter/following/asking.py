"""Asking to follow an article: kept for any address alike, answered by the worker for confirmed readers alone."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from blog.lib.addresses import Address
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.prepared import Prepared
from blog.newsletter.models import Follow, FollowRequest, MailedLink, Purpose, Subscriber
from blog.newsletter.queries import reachable
from blog.outbox.posting import post
from blog.outbox.standing import hash_of, new_seed

WISH = "wish"
"""The kind of mail that asks whether it is you (mails.py)."""
AT_ONCE = 100
MOST_A_DAY = 3
"""Mails of this kind to one reader within 24 hours, whoever asks."""
MOST_AN_HOUR = 200
"""Mails of this kind within an hour; over that, requests wait."""

_waiting = Prepared(select(FollowRequest.id).order_by(FollowRequest.id).limit(AT_ONCE), int)
_lately = select(func.count()).select_from(MailedLink).where(MailedLink.purpose == Purpose.FOLLOW)


def ask_to_follow(address: Address, article: int, *, at: datetime) -> None:
    """Keep the wish to follow the article with this id. Call inside write().

    Writes the same for an address that is known, unknown, or follows already: nobody can tell from outside.
    """
    row = insert(FollowRequest).values(hash=hash_of(address.key), article_id=article, asked_at=at)
    db.session.execute(
        row.on_conflict_do_update(index_elements=["hash", "article_id"], set_={"asked_at": at})
    )


def answer_wishes() -> datetime | None:
    """Mail a link to every confirmed reader who asked, within the caps, and forget the requests.

    A step of the worker.
    """
    if not _waiting.all():
        return None
    at = now()
    with write() as session:
        made = session.scalars(_lately.where(MailedLink.made_at > at - timedelta(hours=1))).one()
        if made >= MOST_AN_HOUR:
            return at + timedelta(minutes=1)
        for number in _waiting.all():
            _answer(session.get_one(FollowRequest, number), at)
            session.execute(delete(FollowRequest).where(FollowRequest.id == number))
    return at


def _answer(request: FollowRequest, at: datetime) -> None:
    reader = db.session.scalar(reachable(at).where(Subscriber.hash == request.hash))
    if reader is None or reader.address is None:
        return
    follows = select(Follow.id).where(
        Follow.subscriber_id == reader.id, Follow.article_id == request.article_id, Follow.ends_at > at
    )
    today = _lately.where(MailedLink.subscriber_id == reader.id, MailedLink.made_at > at - timedelta(days=1))
    if db.session.scalar(follows) is not None or db.session.scalars(today).one() >= MOST_A_DAY:
        return
    link = MailedLink(
        subscriber_id=reader.id,
        purpose=Purpose.FOLLOW,
        made_at=at,
        seed=new_seed(),
        data={"article": request.article_id},
    )
    db.session.add(link)
    db.session.flush()
    post(WISH, reader.address, at=at, recipient=reader.id, about=link.id)
