"""What a look at the site finds: one line each, well or with what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, or could not be."""

    well: bool | None
    """None: it was not looked at."""
    says: str
    """One sentence; where it is not well, with what to do."""

    def __str__(self) -> str:
        marks = {True: "ok", False: "TO DO", None: "not looked at"}
        return f"{marks[self.well]}: {self.says}"


def well(says: str) -> Finding:
    """Return a finding that needs nobody."""
    return Finding(True, says)


def to_do(says: str) -> Finding:
    """Return a finding that needs a person."""
    return Finding(False, says)


def unseen(says: str) -> Finding:
    """Return what was not looked at, and how it would be."""
    return Finding(None, says)
