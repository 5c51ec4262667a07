"""A moment as a person types it, in the site's time zone, also on the days when clocks are changed."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from blog.lib.refusing import Refused

_TYPED = re.compile(r"(\d{4}-\d{2}-\d{2})[Tt ]\s*(\d{1,2}:\d{2})(?::00)?\s*(Z|z|[+-]\d{2}:?\d{2})?", re.ASCII)


def moment_from(typed: str, zone: ZoneInfo) -> datetime:
    """Return the moment, aware and UTC.

    Raises Refused for what is none, and for a time of day that this day does not have, or has twice.
    """
    found = _TYPED.fullmatch(typed.strip())
    try:
        if found is None:
            raise ValueError
        offset = (found[3] or "").upper()
        moment = datetime.fromisoformat(f"{found[1]}T{found[2]:0>5}{offset}")
        return (moment if moment.tzinfo else _local(moment, zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(
            f"“{typed.strip()[:40]}” is no moment; write 2026-03-01 09:00, or 2026-03-01T09:00+01:00."
        ) from None


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Return the moment as commands say it: 2026-03-01 09:00 (Europe/Berlin, +01:00)."""
    local = moment.astimezone(zone)
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M} ({zone.key}, {offset[:3]}:{offset[3:5]})"


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    first, second = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    there = [
        one for one in (first, second) if one.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment
    ]
    if not there:
        raise Refused(
            f"There is no {moment:%H:%M} on {moment:%Y-%m-%d} in {zone.key}: clocks are put ahead then."
        )
    if len({one.utcoffset() for one in there}) > 1:
        said = " or ".join(f"{one:%Y-%m-%dT%H:%M}{_offset(one)}" for one in there)
        raise Refused(
            f"{moment:%Y-%m-%d %H:%M} comes twice in {zone.key}: clocks are put back then; write {said}."
        )
    return there[0]


def _offset(moment: datetime) -> str:
    text = moment.strftime("%z")
    return f"{text[:3]}:{text[3:5]}"
