"""The worker's step for issues: what is due starts, what is finished is noted as done."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.prepared import Prepared
from blog.lib.refusing import Refused
from blog.newsletter.mail.issues import freeze
from blog.newsletter.models import Issue, Stage
from blog.outbox.models import Batch, Notice
from blog.outbox.telling import all_clear, tell_team

from .freezing import start
from .holding import obstacle
from .scheduling import late_key, undo

HELD = "issues are held"
"""What the notice is kept by that says why no issue goes out."""
LOOK_AGAIN = timedelta(minutes=1)
"""After this an issue that is held is looked at again, though nothing in the database has changed."""


class Waiting(NamedTuple):
    """An issue that waits for its moment."""

    id: int
    send_at: datetime


_waiting = Prepared(
    select(Issue.id, Issue.send_at).where(Issue.send_at.is_not(None), Issue.started_at.is_(None)), Waiting
)
_finished = Prepared(
    select(Issue.id)
    .join(Batch, Batch.id == Issue.batch_id)
    .where(Issue.done_at.is_(None), Batch.done_at.is_not(None)),
    int,
)


def advance_issues() -> datetime | None:
    """Start every issue that is due, and note those that are done; return when the next one is due, if any is."""
    _note_done()
    waiting = _waiting.all()
    due = [row for row in waiting if row.send_at <= now()]
    for row in due:
        if _is_late(row.send_at):
            _tell_late(row)
    on_time = [row for row in due if not _is_late(row.send_at)]
    held = bool(on_time) and _is_held()
    for row in on_time:
        if not held:
            begin(row.id)
    later = [row.send_at for row in waiting if row not in due]
    return min([*later, *([now() + LOOK_AGAIN] if held else [])], default=None)


def begin(issue_id: int) -> bool:
    """Start one issue that is due; returns whether this call did. Opens its own write().

    Its words are made before the transaction opens; where somebody took it back or changed it meanwhile, or
    another worker started it, nothing happens.
    """
    issue: Issue | None = db.session.get(Issue, issue_id, populate_existing=True)
    if issue is None:
        return False
    try:
        made_of, frozen = issue.changed_at, freeze(issue)
    except Refused as refused:
        _take_back(issue_id, str(refused))
        return False
    with write() as session:
        issue = session.get(Issue, issue_id)
        if issue is None or not _is_due(issue) or issue.changed_at != made_of or obstacle():
            return False
        start(issue, frozen, at=now())
    return True


def _take_back(issue_id: int, reason: str) -> None:
    """Make a draft again of an issue that makes no message, and tell the team: the others go on meanwhile."""
    with write() as session:
        issue = session.get(Issue, issue_id)
        if issue is None or not _is_due(issue):
            return
        undo(issue)
        tell_team(
            f"issue {issue.id} was taken back at {now():%Y-%m-%d %H:%M:%S}",
            f"The issue “{issue.slug}” could not go out and is a draft again: {reason}",
        )


def _is_due(issue: Issue) -> bool:
    return (
        issue.stage in (Stage.HOLDING, Stage.SCHEDULED)
        and issue.send_at is not None
        and issue.send_at <= now()
    )


def _is_late(send_at: datetime) -> bool:
    return (now() - send_at).total_seconds() > Issue.LATE_SECONDS


def _note_done() -> None:
    """Note of every issue whose deliveries are all settled that it is done."""
    if not _finished.all():
        return
    with write() as session:
        for issue_id in _finished.all():
            issue = session.get_one(Issue, issue_id)
            issue.done_at = session.get_one(Batch, issue.batch_id).done_at


def _is_held() -> bool:
    """Tell whether something holds all issues back; the team is told once, and again only after it was over."""
    reason = obstacle()
    if bool(reason) != _is_told(HELD):
        with write():
            if reason := obstacle():
                tell_team(HELD, f"An issue is due and cannot go out. {reason}")
            else:
                all_clear(HELD)
    return bool(reason)


def _tell_late(row: Waiting) -> None:
    key = late_key(row.id)
    if _is_told(key):
        return
    with write() as session:
        issue = session.get(Issue, row.id)
        if issue is not None and issue.stage is Stage.LATE:
            tell_team(
                key,
                f"The issue “{issue.slug}” was to go out at {issue.send_at:%Y-%m-%d %H:%M} UTC, while nothing was at "
                f"work. It waits until somebody says `newsletter send {issue.slug}` again, or takes it back.",
            )


def _is_told(key: str) -> bool:
    open_ = select(Notice.key).where(Notice.key == key, Notice.over_at.is_(None))
    return db.session.scalar(open_) is not None
