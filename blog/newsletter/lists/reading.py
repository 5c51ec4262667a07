"""A list in CSV, read: columns by their names, any of the usual separators, UTF-8. Pure: knows no rows of ours."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from blog.lib.addresses import address_from
from blog.lib.refusing import Refused

from . import values
from .columns import Columns, columns_of
from .rows import Bad, Row, Standing

SEPARATORS = ",;\t|"
LONGEST_LINE = 512 * 1024
LONGEST_ROW = 2 * LONGEST_LINE
"""Bytes of one row, which may go on over lines: a quote that never ends must not fill the memory."""
MOST_TOPICS = 100
LONGEST_BASIS = 500


def read_list(file: BinaryIO, *, at: datetime, given: Standing | None = None) -> Iterator[Row | Bad]:
    """Yield each person of the list, or why a line is none; `given` is how those stand of whom nothing is said.

    Raises Refused where the file as a whole is no list: with the line where it stops being one.
    """
    lines = _Lines(file)
    header = next(lines, "")
    separator, columns = _header(header)
    lines.begin_row()
    reader = csv.reader(lines, delimiter=separator, strict=True)
    begins = 2
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise Refused(f"Line {begins} cannot be read as CSV: {error}.") from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _row(begins, cells, columns, at, given)
        begins = lines.number + 1
        lines.begin_row()


class _Lines:
    """The lines of a file as text, counted; a line that is no UTF-8 stops it with a sentence."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.number = 0
        self._begins, self._bytes = 1, 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        raw = self._file.readline(LONGEST_LINE + 1)
        if not raw:
            raise StopIteration
        self.number += 1
        self._bytes += len(raw)
        if self._bytes > LONGEST_ROW:
            raise Refused(
                f"The row that begins in line {self._begins} does not end: look for a quotation mark."
            )
        if len(raw) > LONGEST_LINE:
            raise Refused(f"Line {self.number} is longer than {LONGEST_LINE} bytes: this is no list.")
        if self.number == 1:
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if self.number == 1 and raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Refused("The file is UTF-16: save it as CSV in UTF-8.")
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(
                f"Line {self.number} is not UTF-8, but perhaps Windows-1252: save the file as CSV in UTF-8."
            ) from None

    def begin_row(self) -> None:
        """Note that a row has ended, and the next line begins another."""
        self._begins, self._bytes = self.number + 1, 0


def _header(line: str) -> tuple[str, Columns]:
    """Return the separator and the columns: of all readings of the first line the one that knows most columns."""
    found = []
    for separator in SEPARATORS:
        try:
            names = next(csv.reader([line], delimiter=separator, strict=True), [])
        except csv.Error:
            continue
        columns = columns_of(names)
        if columns:
            found.append((len(columns.places), columns.count, separator, columns))
    if not found:
        raise Refused("The first line must name the columns, and one of them must be called email.")
    _, _, separator, columns = max(found, key=lambda reading: reading[:2])
    return separator, columns


def _row(line: int, cells: list[str], columns: Columns, at: datetime, given: Standing | None) -> Row | Bad:
    if len(cells) > columns.count:
        return Bad(line, f"It has {len(cells)} cells, and there are {columns.count} columns.")
    cells = [values.fused(cell) for cell in cells]
    typed = columns.cell(cells, "email")
    address = address_from(typed)
    if address is None:
        return Bad(
            line, "It has no address." if not typed else "Its address is none that mail can be sent to."
        )
    try:
        standing = values.standing(columns, cells, given)
        chosen = values.topics(columns.cell(cells, "topics"))
        left = columns.cell(cells, "left_at") or columns.cell(cells, "bounced_at")
        return Row(
            line=line,
            address=address,
            standing=standing,
            asked_at=values.moment(columns.cell(cells, "asked_at"), until=at),
            confirmed_at=values.moment(columns.cell(cells, "confirmed_at"), until=at),
            left_at=values.moment(left or columns.cell(cells, "deleted"), until=at)
            if standing.is_out
            else None,
            paused_until=values.moment(columns.cell(cells, "paused_until")),
            topics=chosen if chosen is None else chosen[:MOST_TOPICS],
            basis=columns.cell(cells, "basis")[:LONGEST_BASIS],
        )
    except Refused as refused:
        return Bad(line, str(refused))
