"""What a reader follows: begun by their own click alone, ended by another, by leaving, or after a year."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, String, case, delete, func, select, type_coerce
from sqlalchemy.dialects.sqlite import insert

from blog.content.dating import today
from blog.content.models import Article
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.tokens import is_sealed, numbers_in, seal
from blog.newsletter.models import Follow, MailedLink, Subscriber
from blog.outbox.standing import standing_key

FOLLOWS_FOR = timedelta(days=365)
_UNFOLLOW = "unfollow"
# Fixed widths, so that the two halves of a mark can be compared as text; a hyphen comes before every digit.
_NEVER_UPDATED, _NEVER_REVIEWED = "-" * 26, "-" * 10


def updated_mark(at: datetime) -> ColumnElement[str]:
    """Return when an article was last significantly changed, as text that can be compared; not what is planned."""
    return case((Article.updated_at <= at, type_coerce(Article.updated_at, String)), else_=_NEVER_UPDATED)


def reviewed_mark() -> ColumnElement[str]:
    """Return when an article was last reviewed, as text that can be compared."""
    return case(
        (Article.reviewed_on <= today(), type_coerce(Article.reviewed_on, String)), else_=_NEVER_REVIEWED
    )


def mark(at: datetime) -> ColumnElement[str]:
    """Return both: what is kept as the change that a follower knows of."""
    return updated_mark(at) + " " + reviewed_mark()


def follow_by(link: MailedLink, *, at: datetime) -> Article | None:
    """Let the owner of a link follow its article for a year from now on, and use the link up. Call inside write().

    None where readers cannot see the article any more.
    """
    article = article_of(link)
    if article is None:
        return None
    link.used_at = at
    known = db.session.scalars(select(mark(at)).where(Article.id == article.id)).one()
    values = {"asked_at": at, "ends_at": at + FOLLOWS_FOR, "known_change": known}
    row = insert(Follow).values(subscriber_id=link.subscriber_id, article_id=article.id, **values)
    db.session.execute(row.on_conflict_do_update(index_elements=["subscriber_id", "article_id"], set_=values))
    return article


def article_of(link: MailedLink) -> Article | None:
    """Return the article that a link to follow one is about, if readers can see it."""
    return db.session.scalar(select(Article).where(Article.id == link.data.get("article"), Article.is_live))


def stop_url(subscriber: Subscriber, article: int) -> str:
    """Return the absolute address of the page that ends following the article with this id."""
    token = seal(standing_key(), _UNFOLLOW, (subscriber.id, article), subscriber.seed)
    return absolute(f"/newsletter/preferences/unfollow/{token}")


def followed_by(token: str) -> tuple[int, int] | None:
    """Return subscriber and article of a link that ends following; also after it has ended."""
    numbers = numbers_in(token, 2)
    subscriber = db.session.get(Subscriber, numbers[0]) if numbers else None
    if numbers is None or subscriber is None:
        return None
    sealed = is_sealed(token, standing_key(), _UNFOLLOW, numbers, subscriber.seed)
    return (numbers[0], numbers[1]) if sealed else None


def stop(subscriber: int, article: int) -> None:
    """End following. Call inside write(); does nothing where nobody follows."""
    db.session.execute(delete(Follow).where(Follow.subscriber_id == subscriber, Follow.article_id == article))


def ahead(at: datetime, only_reviewed: int | None = None) -> Select[int]:
    """Return all follows that know less of their article than there is to know.

    With `only_reviewed` those alone whose article was reviewed again and not updated (1), or was updated (0).
    """
    updated = updated_mark(at) > func.substr(Follow.known_change, 1, len(_NEVER_UPDATED))
    reviewed = reviewed_mark() > func.substr(Follow.known_change, len(_NEVER_UPDATED) + 2)
    what = {None: updated | reviewed, 0: updated, 1: reviewed & ~updated}[only_reviewed]
    return (
        select(Follow.id)
        .join(Article, Article.id == Follow.article_id)
        .where(Article.is_live, Follow.ends_at > at, what)
    )
