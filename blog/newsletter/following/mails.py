"""The kinds of mail about following: is it you who asks, and it has changed."""

from functools import partial

from sqlalchemy import select

from blog.content.models import Article
from blog.lib.canonical import absolute
from blog.lib.clock import now
from blog.lib.db import db
from blog.newsletter.bouncing import count_settled
from blog.newsletter.links import fresh_url
from blog.newsletter.mail import follow as mails
from blog.newsletter.models import Follow, MailedLink, Subscriber
from blog.newsletter.queries import may_get_letters
from blog.newsletter.verifying import GOOD_FOR, links_of
from blog.outbox.kinds import Kind, Letter, nothing_follows
from blog.outbox.models import Delivery

from .asking import WISH
from .keeping import article_of, stop_url
from .telling import REVIEWED, UPDATED


def _compose_wish(delivery: Delivery) -> Letter | None:
    link = db.session.get(MailedLink, delivery.about_id)
    article = article_of(link) if link else None
    if link is None or article is None or link.used_at or now() - link.made_at > GOOD_FOR:
        return None
    return mails.wish(delivery.address, title=article.title, link=fresh_url(link))


def _compose_change(delivery: Delivery, *, reviewed: bool) -> Letter | None:
    reader = db.session.get(Subscriber, delivery.recipient_id)
    article = db.session.get(Article, delivery.about_id)
    follow = _follow_of(delivery)
    if reader is None or reader.address is None or article is None or not article.is_live or follow is None:
        return None
    return mails.follow(
        reader.address,
        title=article.title,
        link=absolute(article.path),
        reviewed=reviewed,
        stop=stop_url(reader, article.id),
        ends=follow.ends_at,
        links=links_of(reader, now()),
    )


def _may_still_tell(delivery: Delivery) -> bool:
    """Tell whether the reader still follows, and may get letters at all."""
    follow = _follow_of(delivery)
    return follow is not None and follow.ends_at > now() and may_get_letters(delivery)


def _follow_of(delivery: Delivery) -> Follow | None:
    mine = select(Follow).where(
        Follow.subscriber_id == delivery.recipient_id, Follow.article_id == delivery.about_id
    )
    return db.session.scalar(mine)


KINDS = (
    Kind(WISH, _compose_wish, may_get_letters, nothing_follows),
    Kind(UPDATED, partial(_compose_change, reviewed=False), _may_still_tell, count_settled),
    Kind(REVIEWED, partial(_compose_change, reviewed=True), _may_still_tell, count_settled),
)
