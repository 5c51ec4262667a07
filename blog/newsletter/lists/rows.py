"""What a line of a list says, whoever wrote it."""

import enum
from dataclasses import dataclass
from datetime import datetime

from blog.lib.addresses import Address


class Standing(enum.StrEnum):
    """How somebody stands on a list."""

    CONFIRMED = "confirmed"
    PENDING = "pending"
    """Asked and never confirmed."""
    LEFT = "left"
    BOUNCED = "bounced"
    COMPLAINED = "complained"

    @property
    def is_out(self) -> bool:
        """Tell whether whoever stands so must get nothing."""
        return self in OUT


OUT = (Standing.LEFT, Standing.BOUNCED, Standing.COMPLAINED)
"""The weakest reason first."""


@dataclass(frozen=True)
class Row:
    """One person of a list."""

    line: int
    """Where it begins in the file, counted from 1."""
    address: Address
    standing: Standing
    asked_at: datetime | None = None
    confirmed_at: datetime | None = None
    left_at: datetime | None = None
    paused_until: datetime | None = None
    topics: tuple[str, ...] | None = None
    """Slugs of categories; None: all of them."""
    basis: str = ""
    """On what consent they stand, where the list itself says so."""


@dataclass(frozen=True)
class Bad:
    """A line that cannot be taken, and why, in one sentence."""

    line: int
    reason: str
