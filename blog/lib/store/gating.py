"""Who makes a page and who waits for it: a few rooms, given away in the order in which readers came; a landing."""

import threading
from collections import deque
from types import TracebackType


class Rooms:
    """At most so many threads at once are inside `with rooms:`; whoever has waited longest is next.

    A semaphore lets newcomers pass those who wait, so some readers would wait ten times as long as others.
    """

    def __init__(self, count: int) -> None:
        self._free = count
        self._queue: deque[threading.Lock] = deque()
        self._turn = threading.Lock()

    def __enter__(self) -> None:
        """Wait for a room."""
        with self._turn:
            if self._free:
                self._free -= 1
                return
            called = threading.Lock()
            called.acquire()
            self._queue.append(called)
        called.acquire()  # until the one who leaves hands over its room

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hand the room to whoever waits longest, or leave it free."""
        with self._turn:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._free += 1


class Landing:
    """A page that is being made, for those who wait for it."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.is_outdated = False
        """Whether it could have been kept, had the edition not moved on."""
