"""The one place that asks the system what time it is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_held: ContextVar[datetime | None] = ContextVar("held", default=None)


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return _held.get() or datetime.now(UTC)


def timestamp() -> float:
    """Return the present moment in seconds since 1970: what `now` says, at a tenth of its cost."""
    held = _held.get()
    return held.timestamp() if held else time.time()


@contextmanager
def held_at(moment: datetime) -> Iterator[None]:
    """Let it be this aware moment inside, so that tests can stand before and after a second."""
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
