"""The moment an issue starts: who gets it and what it says are frozen, in one transaction."""

from datetime import datetime
from typing import Any

from blog.newsletter.batching import queue_for_all
from blog.newsletter.models import Issue

from .reaching import audience

LETTER = "letter"
"""The kind of mail that carries an issue (letters.py)."""


def start(issue: Issue, frozen: dict[str, Any], *, at: datetime) -> int:
    """Freeze the issue's words and choose its recipients; return how many. Call inside write().

    From here on nothing about it changes but what becomes of each delivery: who signs up now is not among
    them, who leaves now gets nothing all the same.
    """
    batch, count = queue_for_all(LETTER, audience(issue.id, at), about=issue.id, at=at)
    issue.batch_id, issue.started_at, issue.frozen = batch.id, at, frozen
    if not count:
        issue.done_at = at
    return count
