"""One process that keeps others at work: forks them, replaces the dead, tells all when to finish."""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from socket import socket
from typing import NoReturn

from .reloading import HELD_BACK, Handover, Trial, become_anew, received
from .signals import FINISH_SECONDS, Signals, Told, held_back

STEADY_SECONDS = 1.0
"""A child that dies sooner than this after its start died early."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a job is started again whose children die early one after the other; the pause doubles."""
_NUMBER = 8
"""Bytes in which a child writes its process number; so few are written at once or not at all."""
_HEARD = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What one child does, from its fork to its end."""

    name: str
    work: Callable[[Told, Callable[[], None]], None]
    """Calls the second argument as soon as it is at work, and returns soon after it was told to finish."""
    listening: socket | None = None
    """The one socket that the child keeps."""


@dataclass
class _Child:
    job: Job
    early: int = 0
    """How many children of the job died early, one after the other, just before this one."""
    began: float = 0.0
    ready: bool = False


def supervise(jobs: Sequence[Job], *, announce: Callable[[], None]) -> None:
    """Keep the jobs at work until this process is told to stop: SIGTERM, Ctrl-C.

    Each job is a child made by forking, so it shares what was loaded before; this process must have no other thread
    and no open database connection. When all are at work for the first time, `announce` runs in a process of its
    own. On SIGHUP the command is run anew from its files, without a moment in which nobody listens.
    """
    if threading.active_count() > 1:
        raise RuntimeError("A child would wait for ever for locks that other threads hold at the fork.")
    gc.collect()
    gc.freeze()  # the collector would write to every page that the children share
    _Supervisor(jobs, announce).run()


class _Supervisor:
    def __init__(self, jobs: Sequence[Job], announce: Callable[[], None]) -> None:
        self._jobs = jobs
        self._announce = announce
        self._announced = False
        self._children: dict[int, _Child] = {}
        self._leaving = set(received.children if received else ())
        """Children of older code, which finish as soon as the new ones are at work."""
        self._due = [(0.0, _Child(job)) for job in jobs]
        self._end: float | None = None
        """When whoever was told to finish, and has not, is ended."""
        self._stopping = False
        self._trial: Trial | None = None
        self._had_terminal = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN and _has_terminal()
        self._lifeline = received.lifeline if received else os.pipe()
        self._news = os.pipe()
        os.set_blocking(self._news[0], False)
        self._signals = Signals(*_HEARD)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HELD_BACK)

    def run(self) -> None:
        """Do what signals, deaths and time ask for, until all are gone."""
        while not (self._stopping and not self._children and not self._leaving):
            self._start_who_is_due()
            arrived, _ = self._signals.wait(self._pause(), self._news[0])
            self._hear_who_is_ready()
            self._bury_the_dead()
            for number in arrived:
                self._obey(number)
            self._end_who_is_late()

    def _pause(self) -> float | None:
        moments = [moment for moment, _ in self._due]
        if self._end is not None:
            moments.append(self._end)
        return min(moments) - time.monotonic() if moments else None

    def _start_who_is_due(self) -> None:
        now = time.monotonic()
        due = [child for moment, child in self._due if moment <= now]
        self._due = [entry for entry in self._due if entry[0] > now]
        for child in due:
            child.began = now
            self._children[self._fork(partial(self._work, child.job))] = child

    def _fork(self, life: Callable[[], None]) -> int:  # noqa: RET503 (the child does not return)
        """Fork; the child does not return: it ends when its life is over."""
        sys.stdout.flush()
        sys.stderr.flush()
        with held_back(*_HEARD):
            process = os.fork()
            if process:
                return process
            self._signals.close()
            os.close(self._lifeline[1])
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # A terminal sends these to all of its processes; what they mean is the supervisor's to decide.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        _live(life)

    def _work(self, job: Job) -> None:
        for other in self._jobs:
            if other.listening and other.listening is not job.listening:
                other.listening.close()
        job.work(Told(signal.SIGTERM, lifeline=self._lifeline[0]), self._say_ready)

    def _say_ready(self) -> None:
        with suppress(BrokenPipeError):  # newer code has taken the place of the one that listened
            os.write(self._news[1], os.getpid().to_bytes(_NUMBER, "big"))

    def _hear_who_is_ready(self) -> None:
        with suppress(BlockingIOError):
            news = os.read(self._news[0], _NUMBER * 512)
            for start in range(0, len(news), _NUMBER):
                child = self._children.get(int.from_bytes(news[start : start + _NUMBER], "big"))
                if child:
                    child.ready = True
        if self._stopping or self._due or not all(one.ready for one in self._children.values()):
            return
        if self._leaving and self._end is None:
            self._tell(self._leaving)
        if not self._announced:
            self._announced = True
            self._fork(self._announce)

    def _bury_the_dead(self) -> None:
        with suppress(ChildProcessError):
            while True:
                process, status = os.waitpid(-1, os.WNOHANG)
                if not process:
                    return
                self._bury(process, os.waitstatus_to_exitcode(status))

    def _bury(self, process: int, code: int) -> None:
        self._leaving.discard(process)
        if self._trial and process == self._trial.process:
            self._judge(self._trial, code)
        child = self._children.pop(process, None)
        if child is None or self._stopping:
            return
        died_early = time.monotonic() - child.began < STEADY_SECONDS
        early = child.early + 1 if died_early else 0
        pause = min(FIRST_PAUSE * 2 ** (early - 2), LONGEST_PAUSE) if early > 1 else 0.0
        how = f"was ended by signal {-code}" if code < 0 else f"ended with status {code}"
        _log.warning("%s (process %d) %s; another takes its place.", child.job.name, process, how)
        self._due.append((time.monotonic() + pause, _Child(child.job, early)))

    def _obey(self, number: int) -> None:
        if number == signal.SIGHUP and not (self._had_terminal and not _has_terminal()):
            if not self._stopping:
                self._try_new_code()
        elif number != signal.SIGCHLD and self._stopping:
            self._end = 0.0
        elif number != signal.SIGCHLD:
            self._stop()

    def _stop(self) -> None:
        self._stopping = True
        self._due = []
        for job in self._jobs:
            if job.listening:
                job.listening.close()
        self._give_up_trial()
        self._tell({*self._children, *self._leaving})

    def _tell(self, processes: set[int]) -> None:
        for process in processes:
            os.kill(process, signal.SIGTERM)
        self._end = time.monotonic() + FINISH_SECONDS

    def _end_who_is_late(self) -> None:
        if self._end is None or time.monotonic() < self._end:
            return
        late = {*self._leaving, *(self._children if self._stopping else ())}
        for process in late:
            os.kill(process, signal.SIGKILL)
        self._end = None

    def _try_new_code(self) -> None:
        self._give_up_trial()
        self._trial = Trial(self._fork)

    def _give_up_trial(self) -> None:
        if self._trial:
            self._trial.give_up()
            self._trial = None

    def _judge(self, trial: Trial, code: int) -> None:
        self._trial = None
        problem = trial.verdict(code) or self._hand_over()
        _log.warning("Not reloaded; the site goes on as it was: %s", problem)

    def _hand_over(self) -> str:
        """Let newer code take this place; return why it could not."""
        sockets = dict.fromkeys(job.listening.fileno() for job in self._jobs if job.listening)
        children = (*self._children, *self._leaving)
        try:
            become_anew(Handover(os.getpid(), tuple(sockets), self._lifeline, children))
        except OSError as error:
            return f"{error}."
        raise AssertionError("Whoever becomes anew does not return.")


def _live(life: Callable[[], None]) -> NoReturn:
    status = 1
    try:
        life()
        status = 0
    except BaseException:
        _log.exception("A process of the site failed.")
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)


def _has_terminal() -> bool:
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
