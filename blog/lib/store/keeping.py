"""A shelf of finished answers: bounded by bytes; what was asked for longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from .answers import Answer

Key = str | tuple[str, str]
"""A path, or a path and the query that its page reads: two things, as a path may hold a question mark."""
LARGEST_SHARE = 4
"""An answer that takes more than this part of a shelf is not put on it."""


class Shelf:
    """Answers by key, in `room` bytes."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._used = 0
        self._kept: OrderedDict[Key, Answer] = OrderedDict()
        self._turn = threading.Lock()

    @property
    def used(self) -> int:
        """Return the bytes that are taken."""
        return self._used

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._kept)

    def get(self, key: Key) -> Answer | None:
        """Return what is kept under the key, fresh or not, and remember that it was asked for."""
        answer = self._kept.get(key)
        if answer is None:
            return None
        try:
            self._kept.move_to_end(key)
        except KeyError:
            return answer  # another thread has just let it go; it is as good as it was
        answer.hits += 1
        return answer

    def peek(self, key: Key) -> Answer | None:
        """Return what is kept under the key without counting that as asked for."""
        return self._kept.get(key)

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer in place of what was there."""
        if answer.size * LARGEST_SHARE > self._room:
            return
        with self._turn:
            former = self._kept.get(key)
            answer.hits = former.hits if former else 0
            self._let_go(key)
            self._kept[key] = answer
            answer.grown = partial(self._settle, key, answer)
            self._charge(answer)

    def drop(self, key: Key) -> None:
        """Let go what is kept under the key, if anything is."""
        if key in self._kept:
            with self._turn:
                self._let_go(key)

    def hottest(self, most: int) -> list[Key]:
        """Return the keys that were asked for most often lately, and let older fame fade."""
        with self._turn:
            kept = self._kept.copy()  # in one step: readers move things about without waiting for a turn
            asked = sorted(kept.items(), key=lambda item: item[1].hits, reverse=True)[:most]
            hot = [key for key, answer in asked if answer.hits]
            for answer in kept.values():
                answer.hits //= 2
        return hot

    def _settle(self, key: Key, answer: Answer) -> None:
        """Count a form that was made since the answer was put here."""
        with self._turn:
            if self._kept.get(key) is answer:
                self._charge(answer)

    def _charge(self, answer: Answer) -> None:
        self._used += answer.size - answer.charged
        answer.charged = answer.size
        while self._used > self._room and self._kept:
            self._forget(self._kept.popitem(last=False)[1])

    def _let_go(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._forget(gone)

    def _forget(self, gone: Answer) -> None:
        self._used -= gone.charged
        gone.charged = 0
        gone.grown = None


class _Unknown(NamedTuple):
    """Addresses where there is nothing in the edition of this page."""

    answer: Answer
    keys: dict[Key, None]


class Nowhere:
    """Addresses that are known to be unknown, and the one page that says so; bounded, and of one edition.

    The page and its addresses are replaced together, as one value: whoever is slow adds his address to those
    of his own edition, and never to those of the next, in which there may be something.
    """

    MOST = 4096
    LONGEST = 256

    def __init__(self) -> None:
        self._known: _Unknown | None = None
        self.reads: dict[str, tuple[str, ...]] = {}
        """Which parameters those of the addresses read that take any; bounded, too."""

    def get(self, key: Key) -> Answer | None:
        """Return the page if this address was found unknown before."""
        known = self._known
        return known.answer if known and key in known.keys else None

    def put(self, key: Key, answer: Answer) -> None:
        """Remember that there is nothing at an address."""
        known = self._known
        if known is None or not _says_the_same(known.answer, answer):
            known = self._known = _Unknown(answer, {})
        if sum(map(len, (key,) if isinstance(key, str) else key)) > self.LONGEST:
            return
        if len(known.keys) >= self.MOST:
            known = self._known = _Unknown(known.answer, dict(_later_half(known.keys)))
        known.keys[key] = None

    def learn(self, path: str, reads: tuple[str, ...]) -> None:
        """Remember which parameters an address reads."""
        if len(self.reads) >= self.MOST:
            self.reads = {}
        if len(path) <= self.LONGEST:
            self.reads[path] = reads

    def drop(self, key: Key) -> None:
        """Forget that there was nothing at an address."""
        known = self._known
        if known:
            known.keys.pop(key, None)


class Passing:
    """Addresses whose answers are not kept, so that nobody need wait for another's; bounded."""

    MOST = 1024

    def __init__(self) -> None:
        self._paths: dict[str, None] = {}

    def __contains__(self, path: str) -> bool:
        """Tell whether the last answer for the address was one that is not kept."""
        return path in self._paths

    def learn(self, path: str, *, is_kept: bool) -> None:
        """Remember whether answers for the address are kept."""
        if is_kept:
            self._paths.pop(path, None)
            return
        if len(self._paths) >= self.MOST:
            self._paths = {}
        if len(path) <= Nowhere.LONGEST:
            self._paths[path] = None


def _says_the_same(one: Answer, other: Answer) -> bool:
    return (one.word, one.until, one.digest) == (other.word, other.until, other.digest)


def _later_half(keys: dict[Key, None]) -> Iterable[tuple[Key, None]]:
    return list(keys.items())[len(keys) // 2 :]
