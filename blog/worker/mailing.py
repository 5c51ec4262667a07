"""The mail of the background worker: a thread that does what is due, as soon as the database changes."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Flask

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.following.asking import answer_wishes
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.signup.answering import answer_requests
from blog.outbox.running import deliver_due, hang_up
from blog.outbox.telling import all_clear, tell_team

from .complaining import sentence_about

Step = Callable[[], datetime | None]
"""Does what is due, opening write() itself; returns when it wants to be called again at the latest."""

MAIL_STEPS: tuple[Step, ...] = (answer_requests, answer_wishes, advance_issues)
"""What is done before mail is sent, each time something changed; every step must be quick where nothing is due."""

LOOKS_EVERY = 0.1
"""Seconds between two looks whether the database changed."""
LONGEST_NAP = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before a step is tried again that failed."""
FAILURES_TOLD = 5
"""So many failures in a row of one step are told to the team."""
_END_SECONDS = 9.0
"""How long the message under way may take once the worker is told to end; less than signals.FINISH_SECONDS."""

_log = logging.getLogger(__name__)


@contextmanager
def mailing(app: Flask) -> Iterator[None]:
    """Do the steps in a thread beside what is done inside; end it after the message under way."""
    stopping = threading.Event()
    steps = (*MAIL_STEPS, partial(deliver_due, stopping.is_set))
    thread = threading.Thread(target=_live, args=(app, steps, stopping), name="mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(_END_SECONDS)


def _live(app: Flask, steps: Sequence[Step], stopping: threading.Event) -> None:
    rounds = Rounds(steps)
    while not stopping.is_set():
        try:
            with app.app_context(), _changes() as version:
                _go_rounds(app, rounds, version, stopping)
        except Exception:
            _log.exception("The mail of the worker broke off, and begins anew.")
            stopping.wait(FIRST_PAUSE)
    with app.app_context():
        try:
            hang_up()
        except Exception:
            _log.exception("The last answers of the mail server could not be written down.")


def _go_rounds(app: Flask, rounds: "Rounds", version: Callable[[], int], stopping: threading.Event) -> None:
    while not stopping.is_set():
        seen = version()  # before the round: what changes meanwhile makes another one
        with app.app_context():  # settings are read anew in each, and its session is removed after it
            pause = rounds.go_round()
        end = time.monotonic() + pause
        while version() == seen and not stopping.is_set() and time.monotonic() < end:
            stopping.wait(min(LOOKS_EVERY, max(0.0, end - time.monotonic())))


@contextmanager
def _changes() -> Iterator[Callable[[], int]]:
    """Yield a function whose number is another one after every commit of another connection, whoever's."""
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        yield lambda: int(cursor.execute("PRAGMA data_version").fetchone()[0])
    finally:
        connection.close()


@dataclass
class _Watched:
    step: Step
    failures: int = 0
    """In a row."""
    wait_until: float = 0.0

    @property
    def name(self) -> str:
        step = self.step.func if isinstance(self.step, partial) else self.step
        return step.__name__.replace("_", " ")

    @property
    def key(self) -> str:
        return f"step {self.name}"


class Rounds:
    """The steps, with what is remembered of their failures."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._watched = [_Watched(step) for step in steps]

    def go_round(self) -> float:
        """Do every step that does not rest after a failure; return in how many seconds one is due again."""
        pauses = [LONGEST_NAP]
        for one in self._watched:
            rests = one.wait_until - time.monotonic()
            pauses.append(rests if rests > 0 else _do(one))
        return max(0.0, min(pauses))


def _do(one: _Watched) -> float:
    try:
        again_at = one.step()
        if one.failures >= FAILURES_TOLD:
            with write():
                all_clear(one.key)
    except Exception as error:  # whatever it was, the other steps go on
        return _failed(one, error)
    finally:
        db.session.rollback()
    one.failures = 0
    return LONGEST_NAP if again_at is None else (again_at - now()).total_seconds()


def _failed(one: _Watched, error: Exception) -> float:
    db.session.rollback()
    one.failures += 1
    pause: float = min(FIRST_PAUSE * 2 ** min(one.failures - 1, 10), LONGEST_PAUSE)
    one.wait_until = time.monotonic() + pause
    sentence = f"The step “{one.name}” of the worker failed: {sentence_about(error)}"
    _log.warning("%s It is tried again in %d seconds.", sentence, pause)
    if one.failures == FAILURES_TOLD:
        with suppress(Exception), write():  # it may be the database itself that fails
            tell_team(one.key, sentence)
    return pause
