"""What became of an issue adds up: chosen = sent + failed + suppressed + in doubt, and what still waits."""

from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.issues.accounts import Account, account_of, reasons_of
from blog.newsletter.issues.sending import advance_issues
from blog.outbox.models import Batch, Delivery, State

from .issuing import MINUTE, NOON, drafted, issue, may_send, sent


def settle(*states: State) -> None:
    """Let the first deliveries have come so far."""
    with write() as session:
        for row, state in zip(session.query(Delivery).order_by(Delivery.id), states, strict=False):
            row.state, row.answer = state, f"{len(state)} said so" if state is not State.SENT else ""


def test_every_delivery_stands_in_one_number(app: Flask) -> None:
    may_send(9)
    drafted()
    assert account_of(issue()) == Account()
    with held_at(NOON):
        sent(count=9)
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    states = (State.SENT, State.SENT, State.FAILED, State.SUPPRESSED, State.IN_DOUBT, State.CLAIMED)
    settle(*states, State.DELIVERING)
    account = account_of(issue())
    assert account == Account(2, 1, 1, 1, 4)
    assert str(account) == "9 chosen = 2 sent + 1 failed + 1 suppressed + 1 in doubt + 4 waiting"
    settle(*[State.SENT] * 9)
    assert str(account_of(issue())) == "9 chosen = 9 sent + 0 failed + 0 suppressed + 0 in doubt"


def test_reasons_are_counted_the_most_frequent_first(app: Flask) -> None:
    may_send(4)
    drafted()
    with held_at(NOON):
        sent(count=4)
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    settle(State.FAILED, State.SENT, State.IN_DOUBT, State.FAILED)
    assert list(reasons_of(issue())) == [(State.FAILED, "6 said so", 2), (State.IN_DOUBT, "8 said so", 1)]


def test_a_pause_is_part_of_the_account(app: Flask) -> None:
    may_send()
    drafted()
    with held_at(NOON):
        sent()
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    with write():
        batch = db.session.query(Batch).one()
        batch.paused_at, batch.paused_because = NOON, "535 no"
    assert account_of(issue()).paused_because == "535 no"
