"""A server of the benchmarks as a tree of processes: started on one core, watched in /proc, ended by its id."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SERVER_CORE, LOAD_CORE = 0, 1
START_SECONDS, END_SECONDS = 60, 15
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Program:
    """What is started: a command, and what its environment has besides ours."""

    command: Sequence[str]
    environment: dict[str, str]


class Server:
    """A program that runs, with all its children."""

    def __init__(self, program: Program, core: int, log: Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
        self.log = log
        self.command = program.command
        self.started = time.monotonic()
        with log.open("ab") as said:
            self.process = subprocess.Popen(
                ["taskset", "-c", str(core), *program.command],
                cwd=ROOT,
                env=kept | program.environment,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
            )

    def tree(self) -> list[int]:
        """Return the ids of the processes: its own, its children's, theirs."""
        seen = list(_all_processes())
        found = [self.process.pid]
        for one in found:
            found += [process.id for process in seen if process.parent == one]
        return found

    def cpu_seconds(self) -> float:
        """Return the CPU that its processes have used, those included that have ended meanwhile."""
        ours = set(self.tree())
        return sum(process.ticks for process in _all_processes() if process.id in ours) / _TICKS

    def memory_mb(self) -> float:
        """Return the proportional set size of its processes: shared pages are divided among those who share."""
        return sum(_pss_kb(process) for process in self.tree()) / 1024

    def ended(self) -> bool:
        """Tell whether the program has come to an end by itself."""
        return self.process.poll() is not None

    def said(self) -> str:
        """Return the last of what it printed."""
        return self.log.read_text("utf-8", "replace")[-2000:].strip() or "nothing"

    def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask its first process to end, and kill whatever is left of the tree after that.

        With SIGKILL the whole tree is killed at once, the first process before those that it would replace.
        """
        tree = self.tree()
        children = {(one.id, one.born) for one in _all_processes() if one.id in tree[1:]}
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            _kill(children)
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _kill(children)


@contextmanager
def running(programs: Sequence[Program], core: int, log: Path) -> Iterator[list[Server]]:
    """Run programs on one core, and end them afterwards, the last one first."""
    with ExitStack() as stack:
        yield [_started(program, core, log, stack) for program in programs]


def _started(program: Program, core: int, log: Path, stack: ExitStack) -> Server:
    server = Server(program, core, log)
    stack.callback(server.end)
    return server


def keep_to(core: int) -> None:
    """Keep this process, and the load it will start, to one core."""
    os.sched_setaffinity(0, {core})


def cpu_of_machine() -> float:
    """Return the seconds of CPU that all processes have used since the machine was started."""
    fields = Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:8]
    idle = int(fields[3]) + int(fields[4])
    return (sum(map(int, fields)) - idle) / _TICKS


def cpu_of_load() -> float:
    """Return the seconds of CPU that this process has used, and wrk for it."""
    return sum(os.times()[:4])


class _Process(NamedTuple):
    id: int
    parent: int
    ticks: int
    """CPU that it has used, and its ended children."""
    born: int
    """When it began: an id that is given again has another time."""


def _all_processes() -> Iterator[_Process]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it ended while we were looking
        ticks = sum(map(int, fields[11:15]))
        yield _Process(int(folder.name), int(fields[1]), ticks, int(fields[19]))


def _pss_kb(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _kill(processes: set[tuple[int, int]]) -> None:
    """Kill those that are still there, and nobody who has got their id since."""
    for process in _all_processes():
        if (process.id, process.born) in processes:
            with suppress(ProcessLookupError):
                os.kill(process.id, signal.SIGKILL)


def wait_for(servers: Sequence[Server], ready: Callable[[], bool]) -> float:
    """Return the seconds from the first one's start until they are ready; raise RuntimeError if they never are."""
    began = servers[0].started
    while not ready():
        for server in servers:
            if server.ended() or time.monotonic() - began > START_SECONDS:
                raise RuntimeError(f"{' '.join(server.command)} does not answer. It said:\n{server.said()}")
        time.sleep(0.002)
    return time.monotonic() - began
