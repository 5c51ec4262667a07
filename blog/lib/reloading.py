"""Newer code taking the place of older in one process: a trial first, then sockets and children are handed over."""

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass

TRIAL = "--check"
"""The argument with which a command only tries whether it could be run."""
HELD_BACK = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)
"""Signals that newer code finds waiting; it must let them through when it is ready to hear them."""
_NAME = "BROADSHEET_HANDOVER"
_TRACEBACK = "Traceback (most recent call last):"
_given = dict(os.environ)
"""The environment as the process was given it; `demo` changes its own before the application is made."""


@dataclass(frozen=True)
class Handover:
    """What is handed over; file descriptors and processes keep their numbers."""

    process: int
    sockets: tuple[int, ...]
    lifeline: tuple[int, int]
    """The two ends of the pipe whose end tells the children that nobody looks after them any more."""
    children: tuple[int, ...]


def _received() -> Handover | None:
    os.environ.pop(_NAME, None)
    text = _given.pop(_NAME, "")
    if not text:
        return None
    parts = json.loads(text)
    handover = Handover(
        parts["process"], tuple(parts["sockets"]), tuple(parts["lifeline"]), tuple(parts["children"])
    )
    return handover if handover.process == os.getpid() else None


received = _received()
"""What this process was handed by the older code in its place; nothing where it was started afresh."""


def become_anew(handover: Handover) -> None:
    """Run the command of this process again from its files, as the same process; returns only if that fails.

    Signals wait until the new code listens to them: before, they would end the process.
    """
    descriptors = (*handover.sockets, *handover.lifeline)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        for descriptor in descriptors:
            os.set_inheritable(descriptor, True)
        _execute([], _given | {_NAME: json.dumps(asdict(handover))})
    finally:
        for descriptor in descriptors:
            os.set_inheritable(descriptor, False)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Trial:
    """The command of this process, run from its files to see whether it could be; begun by the fork that is given."""

    def __init__(self, fork: Callable[[Callable[[], None]], int]) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 (closed when the trial is over)
        self.process = fork(self._try_out)

    def _try_out(self) -> None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(self._output.fileno(), 2)
        _execute([TRIAL], _given)

    def verdict(self, code: int) -> str:
        """Return why the command cannot be run, by the status with which the trial ended; nothing where it can."""
        with self._output:
            self._output.seek(0)
            said = self._output.read().decode("utf-8", "replace")
        return "" if code == 0 else reason_in(said) or f"the trial ended with {code}"

    def give_up(self) -> None:
        """End the trial, which must not have been waited for yet."""
        os.kill(self.process, signal.SIGKILL)
        self._output.close()


def reason_in(said: str) -> str:
    """Return in one line, as a log wants it, what a command said when it failed: all, or a traceback's last line."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1] if _TRACEBACK in lines else " ".join(lines)


def _execute(more: list[str], environment: dict[str, str]) -> None:
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:], *more], environment)  # noqa: S606 (no shell is wanted)
