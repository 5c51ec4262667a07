"""The digest: a draft made by itself from the articles since the last one, for a person to send."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from blog.content.dating import today
from blog.content.models import Article
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.words import day
from blog.lib.words import gettext as _
from blog.newsletter.models import Issue
from blog.outbox.models import Notice
from blog.outbox.telling import all_clear, tell_team
from blog.settings import identity
from blog.settings.declaring import Setting, one_of

from .drafting import Words, make

MOST_ARTICLES = 30
"""What one letter can tell of; a longer list is a person's to write."""

rhythm = Setting(
    "newsletter.digest",
    "off",
    "Whether a draft is made by itself from the newest articles: off, weekly or monthly.",
    one_of("off", "weekly", "monthly"),
)


def draft_digest() -> None:
    """Make the draft of the week or month that ended last, unless it was made, or nothing appeared. A chore.

    Nothing is sent: the team is told that there is a draft.
    """
    if rhythm.get() == "off":
        return
    first, end, name = period_before(today(), rhythm.get())
    if _was_made(name):
        return
    with write():
        if not _was_made(name):  # another worker may have been faster
            _draft(first, end, name)


def period_before(this_day: date, how_often: str) -> tuple[date, date, str]:
    """Return the first day of the last whole week or month, the day after it, and its name: 2026-W12, 2026-03."""
    if how_often == "weekly":
        end = this_day - timedelta(days=this_day.weekday())
        first = end - timedelta(days=7)
        return first, end, f"{first:%G-W%V}"
    end = this_day.replace(day=1)
    before = end - timedelta(days=1)
    return end - timedelta(days=monthrange(before.year, before.month)[1]), end, f"{before:%Y-%m}"


def _draft(first: date, end: date, name: str) -> None:
    slugs = _articles(_begins(first), _midnight(end))
    key = _key(name)
    if not slugs:
        return
    words = Words(
        _("New from %(title)s, until %(day)s", title=identity.title.get(), day=day(end - timedelta(days=1))),
        articles=tuple(slugs),
        slug=f"digest-{name.lower()}",
    )
    issue = make(words, at=now(), digest_of=name)
    tell_team(
        key,
        f"A digest of {len(slugs)} articles is drafted: look at it with `newsletter show {issue.slug}`, then send it "
        "or remove it.",
    )
    all_clear(key)  # there is nothing that could be over


def _begins(first: date) -> datetime:
    """Return where the last digest that there still is ended, or where the period begins."""
    last = select(Issue.digest_of).where(Issue.digest_of != "").order_by(Issue.made_at.desc()).limit(1)
    name: str | None = db.session.scalar(last)
    return _midnight(_end_of(name) if name else first)


def _end_of(name: str) -> date:
    """Return the day after the week or month with this name."""
    year, part = name.split("-")
    if part.startswith("W"):
        return date.fromisocalendar(int(year), int(part[1:]), 1) + timedelta(days=7)
    return date(int(year), int(part), 1) + timedelta(days=monthrange(int(year), int(part))[1])


def _articles(since: datetime, until: datetime) -> list[str]:
    """Return the newest articles that appeared in this time, in the order of a list."""
    appeared = (
        select(Article.slug)
        .where(Article.published_at >= since, Article.published_at < until)
        .order_by(Article.published_at.desc(), Article.id.desc())
        .limit(MOST_ARTICLES)
    )
    return list(db.session.scalars(appeared))


def _midnight(start: date) -> datetime:
    return datetime.combine(start, time(), identity.zone())


def _key(name: str) -> str:
    return f"digest {name}"


def _was_made(name: str) -> bool:
    return db.session.get(Notice, _key(name), populate_existing=True) is not None
