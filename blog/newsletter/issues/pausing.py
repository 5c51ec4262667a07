"""Holding back what is left of an issue that has begun to go out, and letting it go on."""

from datetime import datetime

from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.newsletter.models import Issue, Stage
from blog.outbox.models import Batch
from blog.outbox.settling import pause_batch, resume_batch

BY_TEAM = "the team"


def pause(issue: Issue, *, at: datetime) -> None:
    """Send no further letter of it. Call inside write(); raises Refused where it does not go out just now."""
    batch = _running(issue)
    if batch.paused_at is not None:
        raise Refused(f"“{issue.slug}” is paused already.")
    pause_batch(batch, BY_TEAM, at=at)


def resume(issue: Issue) -> None:
    """Go on where it stopped, whoever had paused it. Call inside write(); raises Refused where it was not paused."""
    batch = _running(issue)
    if batch.paused_at is None:
        raise Refused(f"“{issue.slug}” is not paused.")
    resume_batch(batch)


def _running(issue: Issue) -> Batch:
    if issue.stage is not Stage.SENDING:
        raise Refused(f"“{issue.slug}” is not being sent; it is {stage_in_words(issue)}.")
    return db.session.get_one(Batch, issue.batch_id)


def stage_in_words(issue: Issue) -> str:
    """Return how far an issue is, for a sentence."""
    return {Stage.DRAFT: "a draft", Stage.LATE: "late and waits for somebody to say so again"}.get(
        issue.stage, str(issue.stage)
    )
