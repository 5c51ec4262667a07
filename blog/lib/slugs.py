"""Names for addresses: readable, Unicode-safe, unique."""

import unicodedata
from collections.abc import Container

from werkzeug.routing import BaseConverter

from .refusing import Refused

LONGEST = 80

_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


def slug_from(text: str) -> str:
    """Return the slug of a title: lower case, Latin accents folded, other scripts kept, words joined by hyphens.

    Returns "" where the text has no letter and no digit.
    """
    folded = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    latin = "".join(mark for mark in folded if not 0x0300 <= ord(mark) <= 0x036F)
    plain = unicodedata.normalize("NFC", latin.replace("’", "").replace("'", ""))
    words = "".join(mark if _spells(mark) else " " for mark in plain).split()
    slug = ""
    for word in filter(_is_word, words):
        longer = f"{slug}-{word}" if slug else word[:LONGEST]
        if len(longer) > LONGEST:
            break
        slug = longer
    return slug


def checked_slug(typed: str) -> str:
    """Return a slug that a person wrote, as it is kept; raises Refused where it could not be an address."""
    slug = unicodedata.normalize("NFC", typed.strip().lower())
    if not all(_is_word(word) for word in slug.split("-")) or len(slug) > LONGEST:
        raise Refused(
            f"“{typed}” cannot be an address; write letters and digits joined by single hyphens, at most {LONGEST}."
        )
    return slug


def _spells(mark: str) -> bool:
    """Tell whether a word is spelled with this: a letter, a digit, or a mark such as the vowels of Hindi and Thai."""
    return mark.isalnum() or unicodedata.category(mark).startswith("M")


def _is_word(text: str) -> bool:
    return all(map(_spells, text)) and any(map(str.isalnum, text))


def unique_slug(slug: str, taken: Container[str]) -> str:
    """Return the slug, or the first of slug-2, slug-3 ... that is not taken."""
    candidate, number = slug, 1
    while candidate in taken:
        number += 1
        candidate = f"{slug[: LONGEST - len(str(number)) - 1]}-{number}"
    return candidate


class SlugConverter(BaseConverter):
    """The part of an address that names something: no slash, and no dot, so `sleep.md` is not a slug."""

    regex = r"[^/.]+"

    def to_python(self, value: str) -> str:
        """Return the slug as it is kept: some browsers and systems write accents as characters of their own."""
        return unicodedata.normalize("NFC", value)
