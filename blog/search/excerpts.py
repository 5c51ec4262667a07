"""What of a found text is shown: its hits marked, and of a long one the part around them."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

AROUND = 240
"""Characters of a long text that are shown, more or less: it is cut between words."""
_LEAD = 60
"""So many of them stand before the first hit."""
_REST = r"(?:[^\W_]|[\u0300-\u036f])"
"""What a word consists of, to the full-text index too: letters, digits, accents that stand alone."""


class _Folding(dict[int, int]):
    """Letters without case and accents, one for one, so that places in a text stay what they are."""

    def __missing__(self, letter: int) -> int:
        base = unicodedata.normalize("NFD", chr(letter))[0].lower()
        self[letter] = ord(base) if len(base) == 1 else letter
        return self[letter]


_FOLDING = _Folding()


@dataclass(frozen=True)
class Place:
    """A place in a text that holds a word."""

    start: int
    end: int
    word: str


class Hits:
    """The words that were typed, the last of which may be the beginning of one."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = {
            word.translate(_FOLDING): re.compile(
                f"{re.escape(word.translate(_FOLDING))}{_REST}*"
                if word is words[-1]
                else f"{re.escape(word.translate(_FOLDING))}(?!{_REST})"
            )
            for word in words
        }

    def marked(self, text: str) -> Markup:
        """Return the whole text with its hits marked."""
        return _marked(text, self._places(text), 0, len(text))

    def excerpt(self, text: str) -> Markup:
        """Return the part of the text that shows the most of the words, with its hits marked."""
        places = self._places(text)
        if len(text) <= AROUND:
            return _marked(text, places, 0, len(text))
        first = _densest(places)
        start = _cut(text, max(0, min(first - _LEAD, len(text) - AROUND)))
        end = _cut(text, min(len(text), start + AROUND), back=True)
        shown = [place for place in places if start <= place.start and place.end <= end]
        before, after = ("…" if start else ""), ("…" if end < len(text) else "")
        return Markup("{}{}{}").format(before, _marked(text, shown, start, end), after)

    def _places(self, text: str) -> list[Place]:
        """Return the hits in order; accents are looked through only where a word is missing without."""
        plain = text.lower()
        if len(plain) == len(text):
            found = {word: list(_found(word, pattern, plain)) for word, pattern in self._words.items()}
            if all(found.values()):
                return _in_order(place for places in found.values() for place in places)
        folded = text.translate(_FOLDING)
        return _in_order(
            place for word, pattern in self._words.items() for place in _found(word, pattern, folded)
        )


def _found(word: str, pattern: re.Pattern[str], text: str) -> Iterator[Place]:
    for match in pattern.finditer(text):
        if match.start() == 0 or not re.match(_REST, text[match.start() - 1]):
            yield Place(match.start(), match.end(), word)


def _in_order(places: Iterator[Place]) -> list[Place]:
    """Return the places in order, the longest of those that begin together."""
    ordered = sorted(places, key=lambda place: (place.start, -place.end))
    return [next(same) for _, same in groupby(ordered, key=lambda place: place.start)]


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


def _marked(text: str, places: list[Place], start: int, end: int) -> Markup:
    parts: list[str] = []
    for place in places:
        parts += (
            escape(text[start : place.start]),
            Markup("<mark>{}</mark>").format(text[place.start : place.end]),
        )
        start = place.end
    return Markup("").join([*parts, escape(text[start:end])])
