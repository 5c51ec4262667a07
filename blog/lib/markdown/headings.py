"""Headings get levels that never jump, and anchors that stay the same while the words do."""

import unicodedata
from collections.abc import Iterable

from markdown_it.token import Token

from blog.lib.markdown.plain import inline_text

MAX_ANCHOR = 80
_LETTERS = ("L", "M", "N")


def slug_of(text: str) -> str:
    """Return the text as an anchor: letters and digits of any script, lower case, hyphens between."""
    lowered = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    kept = "".join(char if unicodedata.category(char)[0] in _LETTERS else " " for char in lowered)
    return "-".join(kept.split())[:MAX_ANCHOR].strip("-") or "section"


class Anchors:
    """The anchors of one document, each given once: a, a-2, a-3."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._next: dict[str, int] = {}

    def give(self, text: str) -> str:
        """Return an anchor for a heading, not yet used in this document."""
        slug = anchor = slug_of(text)
        number = self._next.get(slug, 1)
        while anchor in self._used:
            number += 1
            anchor = f"{slug}-{number}"
        self._next[slug] = number
        self._used.add(anchor)
        return anchor


def without_empty_headings(tokens: list[Token]) -> list[Token]:
    """Leave out headings that say nothing; nobody can find or follow them."""
    kept: list[Token] = []
    for token in tokens:
        kept.append(token)
        if token.type == "heading_close" and not inline_text(kept[-2].children).strip():
            del kept[-3:]
    return kept


def settle_levels(tokens: Iterable[Token], rank: int) -> None:
    """Move headings so that the topmost is `rank` and a section is one deeper than the one around it.

    `#` and `##` count the same, as the page's title is the only h1; nothing is deeper than h6.
    """
    around: list[tuple[int, int]] = []
    level = rank
    for token in tokens:
        if token.type == "heading_open":
            written = max(int(token.tag[1:]), 2)
            while around and around[-1][0] >= written:
                around.pop()
            level = min(around[-1][1] + 1, 6) if around else rank
            around.append((written, level))
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{level}"
