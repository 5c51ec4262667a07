"""How much one document may ask of the renderer, so that no text can keep the site busy."""

import re

from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.footnote.index import footnote_ref

from blog.lib.refusing import Refused

MAX_LENGTH = 200_000
"""Characters: about 30,000 words, more than a book chapter."""
MAX_BRACKETS = 10_000
"""Opening square brackets: each may begin a link and is looked at more than once."""
MAX_NESTING = 40
"""Quotes, lists and their items inside each other: 20 lists deep."""
MAX_BLOCKS = 20_000
"""Paragraphs, headings, items, quotes; each costs more than its characters."""
MAX_CELLS = 20_000
"""Table cells, those counted that are left out at the end of a row and filled up."""
MAX_FOOTNOTE_LABEL = 100

_SURROGATE = re.compile("[\ud800-\udfff]")


class RefusedAtLine(Refused):
    """A refusal that knows the line of the text it is about, counted from 1.

    Its message says the line; `reason` is the sentence without it, for whoever knows a better number.
    """

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason[0].lower()}{reason[1:]}")
        self.line, self.reason = line, reason


def check_source(source: str) -> None:
    """Refuse what is too long to render at once, and half characters that no file can hold."""
    if half := _SURROGATE.search(source):
        line = source.count("\n", 0, half.start()) + 1
        raise RefusedAtLine(line, f"The text holds half a character (U+{ord(half[0]):04X}).")
    if len(source) > MAX_LENGTH:
        raise Refused(f"The text has {len(source):,} characters; at most {MAX_LENGTH:,} fit into one text.")
    if source.count("[") > MAX_BRACKETS:
        raise Refused(
            f"The text has more than {MAX_BRACKETS:,} opening square brackets; divide it into several."
        )


def limit_blocks(state: StateBlock, start_line: int, _end_line: int, _silent: bool) -> bool:
    """Refuse too many blocks, and what is nested so deeply that markdown-it would drop it; never match."""
    if state.level >= MAX_NESTING:
        raise RefusedAtLine(start_line + 1, "Quotes and lists are nested too deeply.")
    _count(state, "blocks", 1, MAX_BLOCKS, "paragraphs, headings and list items")
    return False


def limited_table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read a table (the rule of markdown-it) unless its rows times its columns are too many."""
    if not table(state, start_line, end_line, True):
        return False
    if silent:
        return True
    columns = state.src.count("|", state.bMarks[start_line], state.eMarks[start_line]) + 1
    rows = 0
    while start_line + rows < end_line and not state.isEmpty(start_line + rows):
        rows += 1
    _count(state, "cells", rows * columns, MAX_CELLS, "table cells")
    return table(state, start_line, end_line, False)


def _count(state: StateBlock, what: str, more: int, most: int, name: str) -> None:
    counts = state.env.setdefault("counts", {})
    counts[what] = counts.get(what, 0) + more
    if counts[what] > most:
        raise Refused(f"The text has more than {most:,} {name}; divide it into several.")


def limited_footnote_ref(state: StateInline, silent: bool) -> bool:
    """Read `[^label]` if the label ends soon (the plugin would search to the paragraph's end each time)."""
    if not state.src.startswith("[^", state.pos):
        return False
    if state.src.find("]", state.pos, state.pos + MAX_FOOTNOTE_LABEL + 3) < 0:
        return False
    return footnote_ref(state, silent)
