"""Listings in pages: which page was asked for, and the way to the others."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from flask import abort, request

Row = TypeVar("Row")
DEEPEST = 10_000


@dataclass(frozen=True)
class PageLink:
    """One number of the pager; a gap stands for the numbers left out before it."""

    number: int
    path: str
    current: bool
    gap: bool


@dataclass(frozen=True)
class Pager:
    """Where a listing stands: page `page` of `pages`, `total` things in all."""

    page: int
    pages: int
    total: int
    path: str
    """Address of the listing, with its query but without `page`."""

    @property
    def previous(self) -> str | None:
        """Return the address of the page before, if there is one."""
        return self._address(self.page - 1) if self.page > 1 else None

    @property
    def next(self) -> str | None:
        """Return the address of the page after, if there is one."""
        return self._address(self.page + 1) if self.page < self.pages else None

    @property
    def links(self) -> list[PageLink]:
        """Return the numbers to show: the first, the last and those around here."""
        shown = [
            number
            for number in range(1, self.pages + 1)
            if number in (1, self.pages) or abs(number - self.page) <= 2
        ]
        return [
            PageLink(number, self._address(number), number == self.page, number - before > 1)
            for before, number in zip([0, *shown], shown, strict=False)
        ]

    def _address(self, page: int) -> str:
        if page == 1:
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}page={page}"


def asked_page() -> int:
    """Return the page asked for; what is no page number is not there (404)."""
    typed = request.args.get("page", "1")
    # No page number is longer than the deepest one: what is longer is never made a number at all.
    if not typed.isascii() or not typed.isdigit() or len(typed) > len(str(DEEPEST)):
        abort(404)
    if not 1 <= int(typed) <= DEEPEST:
        abort(404)
    return int(typed)


class Readable(Protocol[Row]):
    """A list that can be counted and read in parts."""

    def count(self, **values: object) -> int:
        """Return how many rows there are."""
        ...

    def part(self, size: int, skip: int = 0, **values: object) -> list[Row]:
        """Return `size` rows after the first `skip`."""
        ...


def paged(rows: Readable[Row], *, size: int, path: str, **values: object) -> tuple[list[Row], Pager]:
    """Return the rows of the page asked for and its pager; a page past the end is not there (404)."""
    page = asked_page()
    pager = pager_for(rows.count(**values), page, size=size, path=path)
    return rows.part(size, (page - 1) * size, **values), pager


def pager_for(total: int, page: int, *, size: int, path: str) -> Pager:
    """Return the pager of page `page` of `total` rows; a page past the end is not there (404)."""
    pages = max(1, -(-total // size))
    if page > pages:
        abort(404)
    return Pager(page, pages, total, path)
