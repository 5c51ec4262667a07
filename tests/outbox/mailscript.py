"""What the mail server of the tests does wrong, and when.

script.at("RCPT", answer("550 5.1.1 No such user"), to="bob@example.org")
script.at("DOT", drop(), times=1)            takes the message and dies before it says so
script.at("MAIL", answer("421 4.7.0 Enough"), after=10)
script.temporary(30, seed=7)                 30 % of all RCPT, DATA and final dots: 451
script.close_every(10)                       silently, after ten messages on a connection
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .mailline import Line

PLACES = (
    "CONNECT",
    "EHLO",
    "STARTTLS",
    "AUTH",
    "RSET",
    "NOOP",
    "QUIT",
    "MAIL",
    "RCPT",
    "DATA",
    "BODY",
    "DOT",
)
"""BODY: some of the message has come, and not its final dot. DOT: the final dot has come."""


@dataclass(frozen=True)
class Action:
    """What is done instead of the usual answer."""

    do: Callable[[Line], object]
    answers: bool = True
    """Without it the usual answer follows."""
    takes: bool = False
    """At DOT: the message is taken, whatever is said then."""


def answer(text: str) -> Action:
    """Answer with this line, or these lines; a 421 closes the connection as well."""

    def do(line: Line) -> None:
        line.say(text)
        if text.startswith("421"):
            line.drop()

    return Action(do, takes=text.startswith("2"))


def drop(*, reset: bool = False, takes: bool = True) -> Action:
    """Close the connection without an answer; after the final dot the message was taken, unless told otherwise."""
    return Action(lambda line: line.drop(reset=reset), takes=takes)


def garbage(data: bytes, *, takes: bool = True) -> Action:
    """Send these bytes for an answer."""
    return Action(lambda line: line.raw(data), takes=takes)


def drip(pause: float, text: str = "250 2.0.0 Ok", *, takes: bool = True) -> Action:
    """Answer byte by byte, with so many seconds between two."""
    return Action(lambda line: line.drip(f"{text}\r\n".encode(), pause), takes=takes)


def silence(*, takes: bool = True) -> Action:
    """Never answer."""
    return Action(lambda line: line.keep_silent(), takes=takes)


def slow(seconds: float) -> Action:
    """Answer as usual, but late."""
    return Action(lambda line: time.sleep(seconds), answers=False)


def call(function: Callable[[], object]) -> Action:
    """Call this, then answer as usual; for a test that does something just then."""
    return Action(lambda line: function(), answers=False)


@dataclass
class Fault:
    """One thing that goes wrong."""

    place: str
    action: Action
    to: str = ""
    """Only for this recipient (RCPT, and what follows it)."""
    times: int | None = None
    after: int = 0
    """So often it still goes well."""
    fired: threading.Event = field(default_factory=threading.Event)
    """Set as soon as it has gone wrong once (before the action)."""
    seen: int = 0

    def strikes(self, place: str, recipients: list[str]) -> bool:
        if self.place not in (place, "ANY") or (self.to and self.to not in recipients):
            return False
        self.seen += 1
        return self.seen > self.after and (self.times is None or self.seen <= self.after + self.times)


class Script:
    """All that goes wrong; may be changed while the server runs."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._percent = 0.0
        self._dice = random.Random(0)
        self._unlucky: tuple[str, ...] = ()
        self.messages_each = 0
        """After so many messages a connection is closed; 0: never."""
        self.says_goodbye = False
        """It is closed by a 421 to the next command, not silently."""

    def at(
        self, place: str, action: Action, *, to: str = "", times: int | None = None, after: int = 0
    ) -> Fault:
        """Let this go wrong there: `times` times after it went well `after` times. "ANY" is every place."""
        assert place in (*PLACES, "ANY"), place
        fault = Fault(place, action, to, times, after)
        with self._lock:
            self._faults.append(fault)
        return fault

    def temporary(
        self, percent: float, *, seed: int = 0, at: tuple[str, ...] = ("RCPT", "DATA", "DOT")
    ) -> None:
        """Answer so many of a hundred with a temporary error; the same seed, the same fortune."""
        self._percent, self._dice, self._unlucky = percent, random.Random(seed), at

    def close_every(self, messages: int, *, says_goodbye: bool = False) -> None:
        """Close each connection after so many messages."""
        self.messages_each, self.says_goodbye = messages, says_goodbye

    def clear(self) -> None:
        """Let everything go well from now on."""
        with self._lock:
            self._faults.clear()
        self._percent, self.messages_each = 0.0, 0

    def next_at(self, place: str, recipients: list[str]) -> Action | None:
        """Return what goes wrong here, if anything does."""
        with self._lock:
            # Every fault counts what it sees, whichever of them strikes.
            striking = [fault for fault in self._faults if fault.strikes(place, recipients)]
            unlucky = place in self._unlucky and self._dice.uniform(0, 100) < self._percent
        if striking:
            striking[0].fired.set()
            return striking[0].action
        return answer("451 4.3.0 Try again later") if unlucky else None
