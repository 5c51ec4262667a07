"""Waiting for signals: they arrive where a process asks for them, and interrupt nothing before."""

import select
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

Value = TypeVar("Value")

FINISH_SECONDS = 10.0
"""How long a process that is told to finish may take; then it is ended."""


class Signals:
    """The signals that this process listens to, in its main thread; another object takes over from this one."""

    _listening: "Signals | None" = None
    """Whose socket the system writes to: it must stay open, whatever becomes of those who asked."""

    def __init__(self, *numbers: signal.Signals) -> None:
        Signals._listening = self
        self._numbers = frozenset(numbers)
        self._woken, self._waker = socket.socketpair()
        self._woken.setblocking(False)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        for number in numbers:
            signal.signal(number, _noted)

    def wait(self, seconds: float | None, *pipes: int) -> tuple[list[int], list[int]]:
        """Wait for a signal, or until a pipe can be read or its other end is closed, or as long as is said.

        Returns the signals in the order in which they came, and the pipes.
        """
        poll = select.poll()
        for pipe in (self._woken.fileno(), *pipes):
            poll.register(pipe, select.POLLIN)
        found = [pipe for pipe, _ in poll.poll(None if seconds is None else max(0, seconds * 1000))]
        return list(self._arrived()), [pipe for pipe in found if pipe in pipes]

    def _arrived(self) -> Iterator[int]:
        try:
            yield from (number for number in self._woken.recv(4096) if number in self._numbers)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Listen no longer."""
        signal.set_wakeup_fd(-1)
        self._woken.close()
        self._waker.close()


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Let a signal do nothing but wake whoever waits."""


@contextmanager
def held_back(*numbers: signal.Signals) -> Iterator[None]:
    """Let these signals wait until the end, as around a fork, whose child must not take its parent's."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Told:
    """How a process learns that it is to finish: by a signal, or because whoever looks after it is gone."""

    def __init__(self, *numbers: signal.Signals, lifeline: int | None = None) -> None:
        self._numbers = numbers
        self._signals = Signals(*numbers)
        self._pipes = () if lifeline is None else (lifeline,)
        self._told = False

    def wait(self, seconds: float | None = None) -> bool:
        """Wait to be told, at most as long as is said; say whether it was told, now or before."""
        if self._told:
            return True
        arrived, broken = self._signals.wait(seconds, *self._pipes)
        if arrived or broken:
            self._told = True
            signal.alarm(int(FINISH_SECONDS))  # nobody may be left to end a process that hangs
        return self._told

    def unless_told(self, do: Callable[[], Value]) -> Value | None:
        """Return what `do` returns; a signal breaks it off, silently, then None. It must be able to begin anew.

        A signal counts at one place alone, inside the `try` here: wherever it strikes, even in the clearing up after
        it or at the very end, nothing of it gets out. What is broken off in the middle of a commit may end with an
        error of another name.
        """
        breaking, value = _BreakingOff(), None
        for number in self._numbers:
            signal.signal(number, breaking.strike)
        try:
            try:
                breaking.armed = True
                value = do()
            finally:
                breaking.armed = False
        except BaseException:
            if not breaking.struck:
                raise
        for number in self._numbers:
            signal.signal(number, _noted)
        self._told = self._told or breaking.struck
        return None if breaking.struck else value


class _BreakingOff:
    """Whether a signal may break something off now, and whether one did: once, then no more."""

    def __init__(self) -> None:
        self.armed = False
        self.struck = False

    def strike(self, _number: int, _frame: FrameType | None) -> None:
        if self.armed and not self.struck:
            self.struck = True
            raise _BrokenOff


class _BrokenOff(BaseException):
    """Not an Exception: what is broken off must not take it for a failure of its own."""
