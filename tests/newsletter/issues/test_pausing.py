"""Holding back what is left of an issue, and letting it go on."""

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.issues import pausing
from blog.newsletter.issues.sending import advance_issues
from blog.outbox.models import Batch

from .issuing import MINUTE, NOON, drafted, issue_in_write, may_send, sent


def batch() -> Batch:
    db.session.rollback()
    return db.session.query(Batch).one()


def pause() -> None:
    with write():
        pausing.pause(issue_in_write(), at=NOON)


def resume() -> None:
    with write():
        pausing.resume(issue_in_write())


def refusal(do: object) -> str:
    with pytest.raises(Refused) as refused:
        do()  # type: ignore[operator]  # one of the two above
    return str(refused.value)


def test_a_running_issue_is_paused_and_goes_on(app: Flask) -> None:
    may_send()
    drafted()
    assert refusal(pause) == "“spring” is not being sent; it is a draft."
    with held_at(NOON):
        sent()
        assert refusal(resume) == "“spring” is not being sent; it is holding."
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    assert refusal(resume) == "“spring” is not paused."
    pause()
    assert (batch().paused_at, batch().paused_because) == (NOON, "the team")
    assert refusal(pause) == "“spring” is paused already."
    resume()
    assert (batch().paused_at, batch().paused_because) == (None, "")


def test_an_issue_that_is_done_has_nothing_left_to_hold(app: Flask) -> None:
    may_send(0)
    drafted()
    with write():
        db.session.execute(db.text("UPDATE issue SET started_at = made_at, done_at = made_at"))
    assert refusal(pause) == "“spring” is not being sent; it is done."
