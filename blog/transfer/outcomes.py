"""What becomes of each file of an import, and who hears of it on the way."""

import enum
from collections.abc import Callable
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
        return f"{self.path}:{self.line}: {self.reason}"
