"""What of a found text is shown: its hits marked, and of a long one the part around them."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple

from markupsafe import Markup, escape

AROUND = 240
"""Characters of a long text that are shown, more or less: it is cut between words."""
_LEAD = 60
"""So many of them stand before the first hit."""
LOOKED_AT = 12
"""So many places of each word are looked at to choose the part that is shown."""


class _Folding(dict[int, int]):
    """Letters without case and accents, one for one, so that places in a text stay what they are."""

    def __missing__(self, letter: int) -> int:
        base = unicodedata.normalize("NFD", chr(letter))[0].lower()
        self[letter] = ord(base) if len(base) == 1 else letter
        return self[letter]


_FOLDING = _Folding()


class Place(NamedTuple):
    """A place in a text that holds a word."""

    start: int
    end: int
    word: str


class Hits:
    """The words that were typed, the last of which may be the beginning of one."""

    def __init__(self, words: Sequence[str]) -> None:
        folded = [word.translate(_FOLDING) for word in words]
        self._words = [(word, number < len(folded)) for number, word in enumerate(folded, 1)]

    def marked(self, text: str) -> Markup:
        """Return the whole text with its hits marked."""
        parts: list[str] = []
        start = 0
        for place in self._places(text):
            parts += (
                escape(text[start : place.start]),
                "<mark>",
                escape(text[place.start : place.end]),
                "</mark>",
            )
            start = place.end
        parts.append(escape(text[start:]))
        return Markup("".join(parts))  # noqa: S704 (escaped just before, but for the marks)

    def excerpt(self, text: str) -> Markup:
        """Return the part of the text that shows the most of the words, with its hits marked."""
        if len(text) <= AROUND:
            return self.marked(text)
        first = _densest(self._places(text, LOOKED_AT))
        start = _cut(text, max(0, min(first - _LEAD, len(text) - AROUND)))
        end = _cut(text, min(len(text), start + AROUND), back=True)
        before, after = ("…" if start else ""), ("…" if end < len(text) else "")
        return Markup(f"{before}{self.marked(text[start:end])}{after}")  # noqa: S704 (marked escapes)

    def _places(self, text: str, most: int | None = None) -> list[Place]:
        """Return the hits in order: all, or up to `most` of each word.

        To look through accents takes time; where some are enough, it is done for words that are missing without.
        """
        plain = text.lower()
        if text.isascii() or (most and len(plain) == len(text)):
            found = [list(islice(_found(*word, plain), most)) for word in self._words]
            if text.isascii() or all(found):
                return _in_order(chain(*found))
        folded = text.translate(_FOLDING)
        return _in_order(chain(*(islice(_found(*word, folded), most) for word in self._words)))


def _found(word: str, whole: bool, text: str) -> Iterator[Place]:
    """Find a word where it stands as a whole, or where words begin with it, all of each."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not whole:
            while end < len(text) and _continues(text[end]):
                end += 1
        if (start == 0 or not _continues(text[start - 1])) and not (
            end < len(text) and _continues(text[end])
        ):
            yield Place(start, end, word)
        start = text.find(word, end)


def _continues(letter: str) -> bool:
    """Tell whether it is part of a word, to the full-text index too: a letter, a digit, an accent alone."""
    return letter.isalnum() or "\u0300" <= letter <= "\u036f"


def _in_order(places: Iterable[Place]) -> list[Place]:
    """Return the places in order; of those that lie over each other the first, and of these the longest."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if not kept or place.start >= kept[-1].end:
            kept.append(place)
    return kept


def _densest(places: list[Place]) -> int:
    """Return the first place of the stretch that holds the most different words."""
    best, most = 0, 0
    for number, place in enumerate(places):
        words = {place.word}
        for later in places[number + 1 :]:
            if later.end > place.start + AROUND - _LEAD:
                break
            words.add(later.word)
        if len(words) > most:
            best, most = place.start, len(words)
    return best


def _cut(text: str, place: int, *, back: bool = False) -> int:
    """Return the nearest place at which no word is cut, if there is one close by."""
    if place in (0, len(text)):
        return place
    if back:
        space = text.rfind(" ", place - 30, place + 1)
        return space if space > 0 else place
    space = text.find(" ", place, place + 30)
    return space + 1 if space >= 0 else place
