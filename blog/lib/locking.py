"""Locks beside the database: one writes at a time, and nobody clears away what a server runs with."""

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

IN_USE_FILE = ".in-use"
"""What the file beside the database is called after it that says whether a server runs with the data."""

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


@contextmanager
def in_use() -> Iterator[None]:
    """Hold the data as a server that runs with them, together with others.

    Whatever is forked meanwhile holds them too, until the last of it has ended or become another program.
    """
    with _use_file() as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)  # waits for as long as somebody clears the data away
        yield


@contextmanager
def out_of_use(refusal: str) -> Iterator[None]:
    """Keep servers from starting with the data; raises Refused with the sentence where one runs."""
    with _use_file() as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(refusal) from None
        yield


@contextmanager
def _use_file() -> Iterator[int]:
    """Open the file that must never be removed: a lock on one that is gone would hold off nobody."""
    handle = os.open(f"{database_path()}{IN_USE_FILE}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)  # not unlocked: who was forked may still hold it


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
