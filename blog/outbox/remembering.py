"""The file of suppressed addresses: beside the database, only ever added to, and never brought back with a backup."""

import hmac
import logging
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from flask import current_app

from blog.lib.refusing import Refused

from .standing import standing_key

SUPPRESSED_FILE = "suppressed.log"
"""In the data folder, mode 0600. It names nobody: an address is there as its keyed hash."""
_LINE = re.compile(
    r"(?:suppressed ([0-9a-f]{64}) (left|bounced|complained|erased)|lifted ([0-9a-f]{64}))"
    r" (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})Z",
    re.ASCII,
)
_AT_ONCE = 5_000
"""Lines that are put aside in one step."""

_log = logging.getLogger(__name__)


Row = tuple[str, str, str]
"""An event as text: hash, reason, moment."""


class Event(NamedTuple):
    """What happened to an address: suppressed for a reason, or lifted, where the reason is empty."""

    hash: str
    reason: str
    at: datetime


class Lines:
    """What the file says, put aside on disk: millions of lines need no memory."""

    def __init__(self, aside: sqlite3.Connection) -> None:
        self._aside = aside

    def latest(self) -> list[Event]:
        """Return the last event of each address, in the order of the hashes."""
        return [event_from(row) for row in self.between("0", "g")]

    def between(self, first: str, end: str) -> list[Row]:
        """Return the same of the hashes from the first on, before the end, as plain text."""
        question = "SELECT hash, reason, at FROM latest WHERE hash >= ? AND hash < ? ORDER BY hash"
        return self._aside.execute(question, (first, end)).fetchall()

    def erased(self) -> Iterator[Event]:
        """Yield the last erasure of each address that was erased, whatever came after it."""
        for row in self._aside.execute("SELECT hash, 'erased', at FROM erased ORDER BY hash"):
            yield event_from(row)


def event_from(row: Row) -> Event:
    """Return the event that a row says."""
    hashed, reason, at = row
    return Event(hashed, reason, datetime.fromisoformat(at).replace(tzinfo=UTC))


def remember(events: Iterable[Event]) -> None:
    """Add lines to the file and wait until they are on disk. Call under the writers' lock."""
    path = _path()
    if not _holds_something(path):
        _begin(path)
    said = "".join(_line(event) for event in events).encode()
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
    try:
        # A line that a power cut tore stands for itself: it must not swallow the next one.
        torn = os.pread(handle, 1, os.fstat(handle).st_size - 1) != b"\n"
        _write_all(handle, b"\n" + said if torn else said)
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def remembered() -> Iterator[Lines]:
    """Read the file; raises Refused where it was made with another key, since its hashes mean nothing here."""
    with closing(sqlite3.connect("", isolation_level=None)) as aside:  # a file that SQLite makes and removes
        aside.execute("PRAGMA journal_mode=OFF")
        aside.execute("PRAGMA cache_size=-32768")  # KiB; what is more waits in the file
        aside.execute("CREATE TABLE latest (hash TEXT PRIMARY KEY, reason TEXT, at TEXT) WITHOUT ROWID")
        aside.execute("CREATE TABLE erased (hash TEXT PRIMARY KEY, at TEXT) WITHOUT ROWID")
        if _holds_something(_path()):
            _put_aside(aside, _path())
        yield Lines(aside)


def _put_aside(aside: sqlite3.Connection, path: Path) -> None:
    with path.open(encoding="ascii", errors="replace") as file:
        if file.readline().rstrip("\n") != _heading():
            raise Refused(
                f"{path} was made with another key than the database: it belongs to another data folder. Bring the "
                "folder's own file back, or move this one away if the database is the one that you want."
            )
        rows: list[Row] = []
        for line in file:
            row = _read(line.rstrip("\n"))
            if row:
                rows.append(row)
            elif line.strip():
                _log.warning("%s holds a line that is not whole, as after a power cut; it is left out.", path)
            if len(rows) >= _AT_ONCE:
                _keep(aside, rows)
                rows = []
        _keep(aside, rows)


def _read(line: str) -> Row | None:
    """Return hash, reason and moment of a whole line."""
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    try:
        datetime.fromisoformat(found[4])
    except ValueError:
        return None
    return found[1] or found[3], found[2] or "", found[4]


def _keep(aside: sqlite3.Connection, rows: list[Row]) -> None:
    # By time: no two events of an address have the same one (suppressing.py), and a line may have been added late.
    later = "ON CONFLICT DO UPDATE SET {} WHERE excluded.at > at"
    latest = later.format("reason = excluded.reason, at = excluded.at")
    aside.execute("BEGIN")
    aside.executemany(f"INSERT INTO latest VALUES (?, ?, ?) {latest}", rows)  # noqa: S608 (our own words)
    erased = [(hashed, at) for hashed, reason, at in rows if reason == "erased"]
    aside.executemany(f"INSERT INTO erased VALUES (?, ?) {later.format('at = excluded.at')}", erased)  # noqa: S608 (our own words)
    aside.execute("COMMIT")


def _path() -> Path:
    return Path(current_app.config["INSTANCE"]) / SUPPRESSED_FILE


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _heading() -> str:
    return f"key {hmac.new(standing_key(), b'suppressed addresses', 'sha256').hexdigest()[:16]}"


def _line(event: Event) -> str:
    what = f"suppressed {event.hash} {event.reason}" if event.reason else f"lifted {event.hash}"
    at = event.at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return f"{what} {at}Z\n"


def _begin(path: Path) -> None:
    """Make the file with its heading, whole or not at all."""
    fresh = path.with_name(f".{SUPPRESSED_FILE}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _write_all(handle, f"{_heading()}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(folder)  # or the name itself could be gone after a power cut
    finally:
        os.close(folder)


def _write_all(handle: int, said: bytes) -> None:
    while said:
        said = said[os.write(handle, said) :]
