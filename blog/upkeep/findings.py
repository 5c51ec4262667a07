"""What a look at the site finds: one line each, well or with what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    well: bool
    says: str
    """One sentence; where it is not well, with what to do."""

    def __str__(self) -> str:
        return f"{'ok' if self.well else 'TO DO'}: {self.says}"


def well(says: str) -> Finding:
    """Return a finding that needs nobody."""
    return Finding(True, says)


def to_do(says: str) -> Finding:
    """Return a finding that needs a person."""
    return Finding(False, says)
