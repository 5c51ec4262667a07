"""A shelf of finished answers: bounded by bytes; what was asked for longest ago goes first."""

import threading
from collections import OrderedDict
from collections.abc import Iterable

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
        if answer.charged != answer.size:
            self._settle(key, answer)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer in place of what was there."""
        if answer.size * LARGEST_SHARE > self._room:
            return
        with self._turn:
            former = self._kept.get(key)
            answer.hits = former.hits if former else 0
            self._let_go(key)
            self._kept[key] = answer
            self._charge(answer)

    def hottest(self, most: int) -> list[Key]:
        """Return the keys that were asked for most often lately, and let older fame fade."""
        with self._turn:
            asked = sorted(self._kept.items(), key=lambda item: item[1].hits, reverse=True)[:most]
            hot = [key for key, answer in asked if answer.hits]
            for answer in self._kept.values():
                answer.hits //= 2
        return hot

    def _settle(self, key: Key, answer: Answer) -> None:
        """Count the forms that were made since the answer was put here."""
        with self._turn:
            if self._kept.get(key) is answer:
                self._charge(answer)

    def _charge(self, answer: Answer) -> None:
        self._used += answer.size - answer.charged
        answer.charged = answer.size
        while self._used > self._room and self._kept:
            self._let_go(next(iter(self._kept)))

    def _let_go(self, key: Key) -> None:
        gone = self._kept.pop(key, None)
        if gone is not None:
            self._used -= gone.charged
            gone.charged = 0


class Nowhere:
    """Addresses that are known to be unknown, and the one page that says so; bounded, and of one edition."""

    MOST = 4096
    LONGEST = 256

    def __init__(self) -> None:
        self._keys: dict[Key, None] = {}
        self._answer: Answer | None = None

    def get(self, key: Key) -> Answer | None:
        """Return the page if this address was found unknown before."""
        return self._answer if key in self._keys else None

    def put(self, key: Key, answer: Answer) -> None:
        """Remember that there is nothing at an address."""
        known = self._answer
        if known is None or (known.word, known.until, known.digest) != (
            answer.word,
            answer.until,
            answer.digest,
        ):
            self._keys, self._answer = {}, answer
        if sum(map(len, (key,) if isinstance(key, str) else key)) > self.LONGEST:
            return
        if len(self._keys) >= self.MOST:
            self._keys = dict(_later_half(self._keys))
        self._keys[key] = None


def _later_half(keys: dict[Key, None]) -> Iterable[tuple[Key, None]]:
    return list(keys.items())[len(keys) // 2 :]
