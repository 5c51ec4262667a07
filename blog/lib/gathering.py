"""The body of an answer: put together where it is not large, else sent as its reader takes it, a few at once."""

import threading
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from .db import THREADS

GATHERED = 1024 * 1024
"""Bytes of an answer that are put together before they are sent: no thread waits for a reader of a page."""
MOST_AT_ONCE = THREADS // 4
"""Larger answers that a process sends at once: each keeps a thread for as long as its reader likes."""

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class AllTaken(Exception):  # noqa: N818 (not a mistake in the code)
    """As many large answers are being sent as may be."""


def gathered(parts: Iterable[bytes]) -> "tuple[bytes, Rest | None]":
    """Return the whole body where it is not large, else nothing and what yields it; may raise AllTaken."""
    chunks: list[bytes] = []
    size = 0
    more = iter(parts)
    close = getattr(parts, "close", _nothing)
    try:
        for chunk in more:
            chunks.append(chunk)
            size += len(chunk)
            if size > GATHERED:
                return b"", Rest(chain(chunks, more), close)
    except BaseException:
        close()
        raise
    close()
    return b"".join(chunks), None


def _nothing() -> None:
    """Close what needs no closing."""


class Rest:
    """A large body that is sent as its reader takes it."""

    __slots__ = ("__next__", "_close", "_has_place")

    def __init__(self, chunks: Iterator[bytes], close: Callable[[], None]) -> None:
        self._has_place = _places.acquire(blocking=False)
        if not self._has_place:
            raise AllTaken
        self.__next__ = chunks.__next__
        self._close = close

    def close(self) -> None:
        """Let go of the body, and let another be sent."""
        if self._has_place:
            self._has_place = False
            _places.release()
            self._close()

    def __del__(self) -> None:
        """Close what the server has dropped because its reader is gone."""
        self.close()
