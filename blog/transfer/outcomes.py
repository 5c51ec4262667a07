"""What becomes of each file of an import, and who hears of it on the way."""

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Progress = Callable[[str, int, int], None]
"""Hears what is being done, how many are done, of how many."""


def quiet(_doing: str, _done: int, _of: int) -> None:
    """Show no progress."""


class Outcome(enum.StrEnum):
    """What an import did with a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    LEFT = "left"
    """Changed here since the last import; the file was not taken."""
    REFUSED = "refused"


LOADED = frozenset({Outcome.CREATED, Outcome.UPDATED})
"""What is written."""
FOLLOWED = LOADED | {Outcome.UNCHANGED}
"""What is as its file says, or will be."""


@dataclass(frozen=True, order=True)
class Refusal:
    """Why a file cannot be taken: `articles/sleep.md`, 12, one sentence."""

    path: str
    line: int
    reason: str

    def __str__(self) -> str:
        return escaped(f"{self.path}:{self.line}: {self.reason}")


MOST_TOLD = 20
"""Refusals that one file gets in an account; whoever has mended these runs the import again."""

# Commands to a terminal, ends of lines, and marks that turn the direction of writing around.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def escaped(text: str) -> str:
    """Return a text that can be printed on a line: the name of a file may hold anything."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def told(refusals: Iterable[Refusal]) -> list[str]:
    """Return refusals as lines, of every file the first ones and how many more there are."""
    of_file: dict[str, list[Refusal]] = {}
    for refusal in sorted(refusals):
        of_file.setdefault(refusal.path, []).append(refusal)
    lines = []
    for path, found in of_file.items():
        lines += [str(refusal) for refusal in found[:MOST_TOLD]]
        if more := found[MOST_TOLD:]:
            lines.append(escaped(f"{path}: and {len(more)} more."))
    return lines
