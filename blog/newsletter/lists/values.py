"""What the cells of a list say: moments, states, topics; and the sign that keeps a cell from being a formula."""

import re
from datetime import UTC, datetime

from blog.lib.refusing import Refused

from .columns import LEAVING, STATES, Columns
from .rows import OUT, Standing

STATE_WORDS = {
    Standing.CONFIRMED: "confirmed subscribed active enabled regular premium paid free comped gifted trialed paused "
    "subscriber founding comp",
    Standing.PENDING: "pending unconfirmed unactivated",
    Standing.LEFT: "left unsubscribed disabled blocklisted blacklisted blocked removed archived inactive opted_out",
    Standing.BOUNCED: "bounced cleaned undeliverable hard_bounced",
    Standing.COMPLAINED: "complained spam spammy abuse",
}
"""How lists call it; a paused subscriber is a confirmed one."""
_STANDINGS = {word: standing for standing, words in STATE_WORDS.items() for word in words.split()}
_YES = {"true", "yes", "y", "1", "on", "t"}
_NO = {"false", "no", "n", "0", "off", "f"}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def defused(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def fused(cell: str) -> str:
    """Return what a cell was before it was defused."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def moment(text: str, *, until: datetime | None = None) -> datetime | None:
    """Return the moment a cell names, UTC where it names no zone; None where it is empty.

    Raises Refused where it names none, or one after `until`: a date that a person must guess is no proof.
    """
    if not text:
        return None
    tidy = re.sub(r"\s*(UTC|GMT|Z)$", "", re.sub(r"\s+([+-]\d\d:?\d\d)\b.*$", r"\1", text))
    try:
        found = datetime.fromisoformat(tidy)
        found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"“{text[:40]}” is no date such as 2025-02-07 09:30:00.") from None
    if found.year < 1980 or (until and found > until):
        raise Refused(f"“{text[:40]}” cannot be when it happened.")
    return found


def topics(text: str) -> tuple[str, ...] | None:
    """Return the topics a cell names; None for all of them."""
    words = re.split(r"[\s,;]+", text.strip())
    if words in ([""], ["all"]):
        return None
    return () if words == ["none"] else tuple(dict.fromkeys(words))


def standing(columns: Columns, cells: list[str], given: Standing | None) -> Standing:
    """Return how somebody stands by everything a line says; what takes them out outweighs the rest.

    Raises Refused where it cannot be told.
    """
    said = [found for found in _said(columns, cells) if found]
    out = [found for found in said if found.is_out]
    if out:
        return max(out, key=OUT.index)
    if said:
        return Standing.PENDING if Standing.PENDING in said else Standing.CONFIRMED
    if given:
        return given
    if columns.has(*STATES):
        raise Refused("It does not say whether this person is subscribed.")
    if columns.has(*LEAVING):
        raise Refused("The list has columns of people who left, and this line says nothing in them.")
    if columns.has("confirmed_at") and not columns.cell(cells, "confirmed_at"):
        return Standing.PENDING
    return Standing.CONFIRMED


def _said(columns: Columns, cells: list[str]) -> list[Standing | None]:
    def cell(meaning: str) -> str:
        return columns.cell(cells, meaning)

    return [
        _state(cell("state")),
        _choice(cell("subscribed"), yes=Standing.CONFIRMED, no=Standing.LEFT),
        _choice(cell("disabled"), yes=Standing.LEFT, no=Standing.CONFIRMED),
        Standing.LEFT if cell("deleted") or cell("left_at") or cell("left") else None,
        Standing.BOUNCED if cell("bounced_at") or cell("bounced") else None,
    ]


def _state(word: str) -> Standing | None:
    if not word:
        return None
    tidy = re.sub(r"[\s-]+", "_", word.lower())
    if tidy not in _STANDINGS:
        raise Refused(f"“{word[:40]}” is no state that is known here.")
    return _STANDINGS[tidy]


def _choice(word: str, *, yes: Standing, no: Standing) -> Standing | None:
    tidy = word.lower()
    if tidy and tidy not in _YES | _NO:
        raise Refused(f"“{word[:40]}” is neither yes nor no.")
    return (yes if tidy in _YES else no) if tidy else None
