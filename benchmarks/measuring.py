"""Rounds of measuring: who is started when, what is asked of them, what is noted."""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import signup
from .asking import Question, answers
from .contenders import PORT, Contender, Place
from .loading import Load
from .processes import SERVER_CORE, Server, cpu_of_load, cpu_of_machine, running, wait_for
from .tables import Figures

QUIET = 0.1
"""Cores that others on the machine may use while the figures are still good."""


@dataclass(frozen=True)
class Wanted:
    """How much is measured, of what."""

    rounds: int
    seconds: int
    connections: Sequence[int]
    articles: int
    read: int
    posts: int
    only: Sequence[str]
    again: int
    """How often a measurement is done once more that others disturbed; the quietest counts."""

    @property
    def middle(self) -> int:
        """Return the number of connections whose figures are shown in full."""
        return 32 if 32 in self.connections else self.connections[len(self.connections) // 2]


@dataclass(frozen=True)
class Signups:
    """Signups kept in a second, alone and while articles are read, and the slowest percent of the readers."""

    alone: float
    while_read: float
    read_per_second: float
    read_p99_ms: float


class Run:
    """All rounds, contender after contender, so that what disturbs the machine disturbs them alike."""

    def __init__(self, wanted: Wanted, contenders: Sequence[Contender], place: Place) -> None:
        self.wanted, self.contenders, self.place = wanted, contenders, place
        self.rounds: list[dict[tuple[str, int], Figures]] = []
        self.signups: list[Signups] = []
        self.faults: dict[str, str] = {}

    def go(self) -> None:
        """Measure everything; who gives a wrong answer once has no figures at all."""
        for number in range(self.wanted.rounds):
            self.rounds.append({})
            for contender in self.contenders:
                say(f"round {number + 1} of {self.wanted.rounds}: {contender.title}")
                try:
                    self._measure(contender)
                except (RuntimeError, OSError, ValueError) as error:
                    self.faults[contender.name] = str(error)
            if self.wanted.posts and (not self.wanted.only or "signups" in self.wanted.only):
                say(f"round {number + 1} of {self.wanted.rounds}: signups")
                self._sign_up(number)

    def _measure(self, contender: Contender) -> None:
        """Start the contender, let wrk check it, and then measure it over each number of connections."""
        log = self.place.folder / f"{contender.name}.log"
        with running(contender.programs(self.place), SERVER_CORE, log) as servers:
            first = Question(self.place.addresses[0])
            start_s = wait_for(servers, lambda: answers(PORT, first, 200))
            load = Load(contender.plan(self.place), PORT, self.place.folder)
            for connections in self.wanted.connections:
                load.check(connections, 1)
                noted = [self._figures(servers, load, connections)]
                while noted[-1].strangers > QUIET and len(noted) <= self.wanted.again:
                    noted.append(self._figures(servers, load, connections))
                quietest = min(noted, key=lambda one: one.strangers)
                self.rounds[-1][contender.name, connections] = replace(quietest, start_s=start_s)

    def _figures(self, servers: Sequence[Server], load: Load, connections: int) -> Figures:
        """Measure once, and note what the servers used meanwhile, and what strangers did."""
        began, before, machine, ours = time.monotonic(), _cpu_of(servers), cpu_of_machine(), cpu_of_load()
        heard = load.measure(connections, self.wanted.seconds)
        used = _cpu_of(servers) - before
        seconds = time.monotonic() - began
        strangers = cpu_of_machine() - machine - (cpu_of_load() - ours) - used
        return Figures(
            heard.per_second,
            heard.p50_ms,
            heard.p99_ms,
            cpu_us=used / heard.requests * 1e6,
            memory_mb=sum(server.memory_mb() for server in servers),
            start_s=0.0,
            strangers=max(0.0, strangers) / seconds,
        )

    def _sign_up(self, number: int) -> None:
        posts = self.wanted.posts
        try:
            alone, together, readers = signup.alone_and_while_read(
                self.place, posts, number * posts * 2, SERVER_CORE
            )
            self.signups.append(Signups(alone, together, readers.per_second, readers.p99_ms))
        except (RuntimeError, OSError, ValueError) as error:
            self.faults["signups"] = str(error)


def _cpu_of(servers: Sequence[Server]) -> float:
    return sum(server.cpu_seconds() for server in servers)


def say(sentence: str) -> None:
    """Tell whoever waits what is being done."""
    print(sentence, file=sys.stderr, flush=True)
