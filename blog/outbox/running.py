"""The step of the worker that sends: a moment's work at a time, one connection for as long as there is any."""

import random
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app

from blog.lib.clock import now
from blog.lib.db import write

from .claiming import Claim, claim_due, give_back, has_expired, is_due, next_due, release_expired
from .delivering import Courier
from .fencing import check_fence, is_doubtful, is_fenced, keep_witness
from .flowing import give_up_old, is_stopped, note_flow, note_trouble
from .smtp.carrying import carrier_for
from .smtp.outcomes import Later, Sent, Stop

SLICE_SECONDS = 1.0
"""How much is claimed at once: so long other steps of the worker wait, and a message that is more urgent."""
MOST_AT_ONCE = 100
IDLE_SECONDS = 5.0
"""After so long without a message the connection is closed."""
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=10), timedelta(minutes=10)
_KEPT = "outbox.sending"


def deliver_due(stopping: Callable[[], bool] = lambda: False) -> datetime | None:
    """Send what is due, for about a second; return when to be called again, None where nothing waits.

    Stops after the message under way as soon as `stopping` says so.
    """
    return _sending().go_on(stopping)


def hang_up() -> None:
    """Write down the last answers, and close the connection."""
    _sending().hang_up()


class Sending:
    """What one worker remembers of its sending from call to call; belongs to one thread."""

    def __init__(self, app: Flask) -> None:
        self._courier = Courier(carrier_for(app.config["MAIL"], app.config["INSTANCE"]))
        self._connected = False
        self._troubled = True
        """Whether a message that gets through is news, or may be."""
        self._last_sent = 0.0
        self._each = SLICE_SECONDS / 10
        """Seconds that a message took lately."""
        self._held: list[Claim] = []
        self._retry_at: datetime | None = None
        self._pause = FIRST_RETRY

    def go_on(self, stopping: Callable[[], bool]) -> datetime | None:
        """Do a slice of work, if there is any."""
        self._keep()
        if not current_app.config["SITE_URL"]:
            return None  # links in mails could lead nowhere: everything waits (overview.py says so)
        at = now()
        _watch(at)
        if not is_due(at):
            return self._idle(at)
        if self._retry_at is not None and at < self._retry_at and is_stopped():
            return self._retry_at
        if not self._connected and not self._connect(at):
            return self._retry_at
        with write():
            self._held = claim_due(max(1, min(MOST_AT_ONCE, int(SLICE_SECONDS / self._each))), at=at)
        self._deliver(self._held, stopping)
        return now()

    def hang_up(self) -> None:
        """Write down the last answers, let go of what was not begun, and close the connection."""
        try:
            self._keep()
        finally:
            self._courier.carrier.close()
            self._connected = False

    def _keep(self) -> None:
        """Write down the last answers and let go of what was not begun, also after something went wrong."""
        self._courier.keep()
        if self._held:
            with write():
                give_back(self._held)
            self._held = []

    def _idle(self, at: datetime) -> datetime | None:
        due = next_due(at)
        if not self._connected:
            return due
        left = self._last_sent + IDLE_SECONDS - time.monotonic()
        if left <= 0:
            self.hang_up()
            return due
        closing = at + timedelta(seconds=left)
        return closing if due is None else min(due, closing)

    def _connect(self, at: datetime) -> bool:
        trouble = self._courier.carrier.greet()
        if trouble is not None:
            self._wait(trouble, at)
            return False
        if not is_fenced():  # else the file is what shows that this database is old
            with write():
                keep_witness()
        self._connected, self._last_sent = True, time.monotonic()
        return True

    def _wait(self, trouble: Later | Stop, at: datetime) -> None:
        """Leave a server alone that cannot be used by anyone now, for longer each time."""
        with write():
            note_trouble(trouble, at=at)
            give_up_old(trouble, at=at)
        self._courier.carrier.close()
        self._connected, self._troubled = False, True
        self._retry_at = at + self._pause * random.uniform(0.8, 1.2)  # noqa: S311 (spreads tries, keeps no secret)
        self._pause = min(self._pause * 2, LONGEST_RETRY)

    def _deliver(self, claims: list[Claim], stopping: Callable[[], bool]) -> None:
        began, done = time.monotonic(), 0
        for claim in claims:
            if stopping():
                break
            outcome = self._courier.deliver(claim)
            done += 1
            if isinstance(outcome, Sent) and self._troubled:
                self._flow()
            if isinstance(outcome, Later) and outcome.everyone:
                self._keep()
                self._wait(outcome, now())
                break
            if isinstance(outcome, Stop):
                self._troubled = True
                break  # its batch is paused before another letter of it is begun
        self._last_sent = time.monotonic()
        self._each = max(0.001, (self._last_sent - began) / max(done, 1))
        self._keep()

    def _flow(self) -> None:
        """Note that mail gets through."""
        with write():
            note_flow()
        self._troubled, self._retry_at, self._pause = False, None, FIRST_RETRY


def _watch(at: datetime) -> None:
    """Look whether the database may send at all, and free what a dead worker held."""
    if not is_fenced() and is_doubtful():
        with write():
            check_fence()
    if has_expired(at):
        with write():
            release_expired(at=at)


def _sending() -> Sending:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy is typed as what it stands for
    found: Sending | None = app.extensions.get(_KEPT)
    if found is None:
        found = app.extensions[_KEPT] = Sending(app)
    return found
