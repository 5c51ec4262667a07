"""A reader and an article to follow, for tests."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from blog.content.models import Article
from blog.lib.addresses import address_from
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.following.asking import answer_wishes, ask_to_follow
from blog.newsletter.following.keeping import follow_by
from blog.newsletter.models import Follow, MailedLink, Subscriber
from blog.settings.declaring import choose
from tests.building import article, save
from tests.subscribers import confirmed

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def publish() -> None:
    """Let there be a live article, Dee who reads the newsletter, and a team that may send."""
    with write():
        choose("site.postal_address", "14 Linden Street, Anytown")
    save(article("Sleep and memory"), confirmed())


def the_article() -> Article:
    """Return the article."""
    return db.session.scalars(select(Article).where(Article.slug == "sleep-and-memory")).one()


def dee() -> Subscriber:
    """Return Dee."""
    return db.session.scalars(select(Subscriber).where(Subscriber.key == "dee@example.org")).one()


def ask(email: str = "Dee@example.org", at: datetime = NOON) -> None:
    """Ask to follow the article."""
    parsed = address_from(email)
    assert parsed is not None
    with write():
        ask_to_follow(parsed, the_article().id, at=at)


def follow(at: datetime = NOON) -> None:
    """Let Dee follow the article."""
    with held_at(at):
        ask(at=at)
        answer_wishes()
        with write():
            link = db.session.scalars(select(MailedLink).order_by(MailedLink.id.desc()).limit(1)).one()
            assert follow_by(link, at=at) is not None


def follows() -> list[Follow]:
    """Return who follows what."""
    db.session.rollback()
    return list(db.session.scalars(select(Follow)))
