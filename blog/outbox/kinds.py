"""The kinds of mail: who composes each, and who says whether it may still go. Features declare theirs in app.py."""

from collections.abc import Callable
from dataclasses import dataclass, field

from .models import Delivery


@dataclass(frozen=True)
class Letter:
    """What a message says, before it becomes bytes (writing.py)."""

    to: str
    """The address, as typed."""
    subject: str
    text: str
    html: str
    """A whole document with its styles inline."""
    preview: str = ""
    one_click: str = ""
    """Address of the one-click target; with it the message carries the headers of a list."""
    list_name: str = ""
    feedback: str = ""
    """What reports about it are counted by, such as the issue's slug."""
    headers: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True)
class Kind:
    """One kind of mail."""

    name: str
    compose: Callable[[Delivery], Letter | None]
    """Says it in words; None where there is nothing to say any more. Only reads."""
    may_still_send: Callable[[Delivery], bool]
    """Asked inside the transaction that says "delivering": the recipient may have left a moment ago."""
    settled: Callable[[Delivery], None]
    """Told inside the transaction that keeps what became of it."""


KINDS: dict[str, Kind] = {}


def declare_kind(kind: Kind) -> None:
    """Say who composes this kind of mail; app.py hands it down."""
    KINDS[kind.name] = kind


def nothing_follows(delivery: Delivery) -> None:
    """Let nothing follow from what became of a delivery."""
