"""Saying that an issue is to go: now, after a hold in which it can be taken back, or at a moment."""

from datetime import datetime, timedelta

from sqlalchemy import select

from blog.content.models import Article
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.lib.sheets import shows
from blog.newsletter.models import Issue, IssueArticle, Stage
from blog.outbox.pacing import warn_of_volume
from blog.outbox.telling import all_clear
from blog.settings.declaring import Setting

from .holding import obstacle
from .reaching import people, reach

LONGEST_HOLD = 24 * 60
FARTHEST = timedelta(days=366)


def _minutes(typed: str) -> str:
    value = typed.strip()
    if not (value.isascii() and value.isdigit() and len(value) <= 4 and int(value) <= LONGEST_HOLD):
        raise Refused(f"“{typed.strip()}” is not a number of minutes from 0 to {LONGEST_HOLD}.")
    return str(int(value))


hold = Setting(
    "newsletter.hold_minutes",
    "10",
    "Minutes between Send and the first letter, in which it can be taken back.",
    _minutes,
)


def late_key(issue_id: int) -> str:
    """Return what the notice is kept by that says that an issue is late."""
    return f"issue {issue_id} is late"


def send(issue: Issue, counted: int, *, at: datetime) -> str:
    """Let the issue go after the hold; return a warning, where there is one. Call inside write().

    Raises Refused where it is on its way already, cannot go, or `counted` is not how many people get it now.
    """
    if issue.stage is Stage.HOLDING:
        raise Refused(f"“{issue.slug}” is on its way already, until somebody takes it back.")
    _check(issue, counted, at=at, goes_at=at)
    _plan(issue, counted, at + timedelta(minutes=int(hold.get())), held=True)
    return warn_of_volume(counted, at=at)


def schedule(issue: Issue, moment: datetime, counted: int, *, at: datetime) -> str:
    """Let the issue go at a moment; return a warning, where there is one. Call inside write().

    Raises Refused as `send` does, and for a moment gone by.
    """
    if moment <= at:
        raise Refused("This moment has passed; choose a later one, or send it now.")
    if moment > at + FARTHEST:
        raise Refused("This moment is more than a year away.")
    _check(issue, counted, at=at, goes_at=moment)
    _plan(issue, counted, moment, held=False)
    return warn_of_volume(counted, at=at)


def undo(issue: Issue) -> None:
    """Take it back: the issue is a draft again. Call inside write(); raises Refused for one that does not wait."""
    if issue.stage in (Stage.SENDING, Stage.DONE):
        raise Refused(
            f"“{issue.slug}” has begun to go out; `newsletter pause {issue.slug}` holds what is left."
        )
    if issue.stage is Stage.DRAFT:
        raise Refused(f"“{issue.slug}” is a draft; there is nothing to take back.")
    issue.send_at, issue.held, issue.counted = None, False, None
    all_clear(late_key(issue.id))


def _plan(issue: Issue, counted: int, moment: datetime, *, held: bool) -> None:
    issue.send_at, issue.held, issue.counted = moment, held, counted
    all_clear(late_key(issue.id))


def _check(issue: Issue, counted: int, *, at: datetime, goes_at: datetime) -> None:
    if issue.stage in (Stage.SENDING, Stage.DONE):
        raise Refused(f"“{issue.slug}” was sent already; write another issue.")
    if reason := obstacle():
        raise Refused(reason)
    _check_words(issue, goes_at)
    reached = reach(issue.id, at)
    if counted != reached:
        raise Refused(f"It goes to {people(reached)}, not to {counted:,}; nothing was sent.")
    if not reached:
        raise Refused("Nobody would get it: there is no confirmed reader it is for.")


def _check_words(issue: Issue, goes_at: datetime) -> None:
    """Raise Refused where the issue says nothing, or tells of what readers cannot read when it goes."""
    articles = db.session.execute(
        select(Article.title, Article.published_at)
        .join(IssueArticle, IssueArticle.article_id == Article.id)
        .where(IssueArticle.issue_id == issue.id)
    ).all()
    if not articles and not shows(issue.body):
        raise Refused("Write something before sending: this issue has no text and no article.")
    for title, published_at in articles:
        if published_at is None or published_at > goes_at:
            raise Refused(f"The article “{title}” is not published by then; leave it out, or send later.")
