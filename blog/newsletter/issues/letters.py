"""The kinds of mail that carry an issue: a letter to a subscriber, a test to the team."""

from dataclasses import replace
from typing import Any

from flask import current_app
from sqlalchemy import select

from blog.lib.canonical import absolute
from blog.lib.clock import now
from blog.lib.db import db
from blog.newsletter.bouncing import count_settled
from blog.newsletter.mail.issues import freeze, letter_for
from blog.newsletter.mail.shell import Links
from blog.newsletter.models import Issue, Subscriber
from blog.newsletter.queries import may_get_letters
from blog.newsletter.verifying import links_of
from blog.outbox.kinds import Kind, Letter, nothing_follows
from blog.outbox.models import Delivery
from blog.outbox.suppressing import is_suppressed

from .freezing import LETTER
from .testing import TEST

_REMEMBERED = "frozen words"


def _compose_letter(delivery: Delivery) -> Letter | None:
    """Put the frozen words and the subscriber's own links together; None where the subscriber was erased."""
    someone = db.session.get(Subscriber, delivery.recipient_id)
    if someone is None or someone.address is None or delivery.about_id is None:
        return None
    return letter_for(_frozen(delivery.about_id), someone.address, links_of(someone, now()))


def _frozen(issue_id: int) -> Any:
    """Return an issue's frozen words; the last issue's are remembered, since they never change again."""
    known: tuple[int, Any] | None = current_app.extensions.get(_REMEMBERED)
    if known is None or known[0] != issue_id:
        words = db.session.scalars(select(Issue.frozen).where(Issue.id == issue_id)).one()
        known = current_app.extensions[_REMEMBERED] = (issue_id, words)
    return known[1]


def preview(issue: Issue, to: str) -> Letter:
    """Return the issue as it is now as a letter to somebody made up, whose links lead to the front page."""
    front = absolute("/")
    words = issue.frozen if issue.started_at else freeze(issue)
    return letter_for(words, to, Links(leave=front, preferences=front))


def _compose_test(delivery: Delivery) -> Letter | None:
    """Mark the issue as a test; no headers of a list, since there is no subscriber to leave it."""
    issue = db.session.get(Issue, delivery.about_id)
    if issue is None:
        return None
    letter = preview(issue, delivery.address)
    return replace(letter, subject=f"[Test] {letter.subject}", one_click="", list_name="")


def _may_still_test(delivery: Delivery) -> bool:
    return not is_suppressed(delivery.hash)


KINDS = (
    Kind(LETTER, _compose_letter, may_get_letters, count_settled),
    Kind(TEST, _compose_test, _may_still_test, nothing_follows),
)
