"""The writers' lock: of all processes and threads, one writes at a time."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from .refusing import Refused

LOCK_SECONDS = 10.0
"""How long a writer waits for its turn; less than the 15 s after which a form gives up on the answer."""

_BUSY = "The database is busy; nothing was changed. Please try again in a minute."
_turn = threading.Lock()


class Busy(Refused):
    """Another writer held the database for too long."""


@contextmanager
def writers_lock(patience: float | None = None) -> Iterator[None]:
    """Hold the lock that only one writer of all processes and threads can hold.

    The threads of a process queue for its own turn first, so that only one of them asks for the file's.
    Raises Busy after `patience` seconds (default: LOCK_SECONDS).
    """
    patience = LOCK_SECONDS if patience is None else patience
    deadline = time.monotonic() + patience
    if not _turn.acquire(timeout=patience):
        raise Busy(_BUSY)
    try:
        handle = os.open(f"{database_path()}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _wait_for(handle, deadline)
            yield
        finally:
            os.close(handle)  # closing lets go of the lock, even when the process dies
    finally:
        _turn.release()


def _wait_for(handle: int, deadline: float) -> None:
    pause = 0.0002
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy(_BUSY) from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.002)
        else:
            return


def database_path() -> Path:
    """Return the path of the current application's database."""
    path: Path = current_app.config["BROADSHEET_DATABASE"]
    return path
