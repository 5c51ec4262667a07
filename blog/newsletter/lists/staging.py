"""A list laid out beside the database while it is taken in, so that a long one needs no more memory than a short."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime

from blog.lib.addresses import Address

from .rows import OUT, Row, Standing

AT_ONCE = 500
"""Rows that are decided, and written, together."""


@dataclass(frozen=True)
class Staged:
    """A row of the list, with what the other rows of the list make of it."""

    row: Row
    hash: str
    decided_by: int
    """The line that counts for this address: the strongest reason to leave it alone, else the first."""


class Staging:
    """The rows of one list, in a database of their own that is gone when it is closed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.count = 0

    def add(self, row: Row, hashed: str) -> None:
        """Lay out a row; `hashed` is the keyed hash of its address."""
        rank = OUT.index(row.standing) + 1 if row.standing.is_out else 0
        self._db.execute("INSERT INTO row VALUES (?, ?, ?, ?)", (row.line, hashed, rank, _packed(row)))
        self.count += 1

    def ready(self) -> None:
        """Let the rows be found by their address, now that all are there."""
        self._db.execute("CREATE INDEX by_address ON row (hash, rank DESC, line)")

    def chunks(self) -> Iterator[list[Staged]]:
        """Yield the rows, some at a time: first all that take somebody out, then the others, in the list's order."""
        answer = self._db.execute(
            "SELECT line, hash, packed, (SELECT line FROM row AS other WHERE other.hash = row.hash "
            "ORDER BY rank DESC, line LIMIT 1) FROM row ORDER BY rank = 0, line"
        )
        while found := answer.fetchmany(AT_ONCE):
            yield [Staged(_unpacked(line, packed), hashed, by) for line, hashed, packed, by in found]


@contextmanager
def staging() -> Iterator[Staging]:
    """Open a place for the rows of one list; what does not fit into memory lies in a file without a name."""
    with closing(sqlite3.connect("", isolation_level=None)) as connection:
        connection.execute(
            "CREATE TABLE row (line INTEGER PRIMARY KEY, hash TEXT NOT NULL, rank INTEGER NOT NULL, packed TEXT)"
        )
        connection.execute("BEGIN")
        yield Staging(connection)


def _packed(row: Row) -> str:
    moments = (row.asked_at, row.confirmed_at, row.left_at, row.paused_until)
    dates = [moment and moment.isoformat() for moment in moments]
    address = (row.address.typed, row.address.key)
    return json.dumps([*address, row.standing.value, dates, row.topics, row.basis])


def _unpacked(line: int, packed: str) -> Row:
    typed, key, standing, dates, topics, basis = json.loads(packed)
    asked, confirmed, left, paused = (date and datetime.fromisoformat(date) for date in dates)
    chosen = None if topics is None else tuple(topics)
    return Row(line, Address(typed, key), Standing(standing), asked, confirmed, left, paused, chosen, basis)
