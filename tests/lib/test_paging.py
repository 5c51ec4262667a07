"""Listings come in pages, and what is no page is not there."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from blog.lib.paging import Pager, asked_page, paged, pager_for


class Numbers:
    """A list of so many rows that can be read in parts."""

    def __init__(self, total: int) -> None:
        self.total = total

    def count(self, **values: object) -> int:
        return self.total

    def part(self, size: int, skip: int = 0, **values: object) -> list[int]:
        return list(range(self.total))[skip : skip + size]


@pytest.mark.parametrize(
    ("query", "page"), [("", 1), ("?page=1", 1), ("?page=7", 7), ("?page=007", 7), ("?page=10000", 10_000)]
)
def test_a_page_is_asked_for_by_its_number(app: Flask, query: str, page: int) -> None:
    with app.test_request_context(f"/articles{query}"):
        assert asked_page() == page


@pytest.mark.parametrize(
    "typed", ["0", "-1", "1.0", "one", "", "%20", "10001", "9" * 5000, "٣", "²", "1e3", "0x1", "+1"]
)
def test_what_is_no_page_number_is_not_there(app: Flask, typed: str) -> None:
    with app.test_request_context("/articles", query_string={"page": typed}), pytest.raises(NotFound):
        asked_page()


@pytest.mark.parametrize(("page", "rows"), [(1, [0, 1, 2]), (2, [3, 4, 5]), (3, [6])])
def test_each_page_has_its_rows(app: Flask, page: int, rows: list[int]) -> None:
    with app.test_request_context(f"/articles?page={page}"):
        assert paged(Numbers(7), size=3, path="/articles") == (rows, Pager(page, 3, 7, "/articles"))


def test_a_page_past_the_end_is_not_there(app: Flask) -> None:
    with app.test_request_context("/articles?page=4"), pytest.raises(NotFound):
        paged(Numbers(7), size=3, path="/articles")


def test_an_empty_list_has_one_page(app: Flask) -> None:
    assert pager_for(0, 1, size=3, path="/articles") == Pager(1, 1, 0, "/articles")
    with pytest.raises(NotFound):
        pager_for(0, 2, size=3, path="/articles")


def test_full_pages_have_no_empty_page_after_them() -> None:
    assert pager_for(6, 2, size=3, path="/articles").pages == 2


def test_the_first_page_has_the_plain_address() -> None:
    pager = Pager(2, 3, 7, "/articles")
    assert (pager.previous, pager.next) == ("/articles", "/articles?page=3")


def test_the_ends_lead_no_further() -> None:
    assert (Pager(1, 2, 7, "/a").previous, Pager(2, 2, 7, "/a").next) == (None, None)


def test_a_query_is_kept() -> None:
    assert Pager(1, 2, 7, "/search?q=sleep").next == "/search?q=sleep&page=2"


def test_the_pager_shows_both_ends_and_what_is_near() -> None:
    links = Pager(10, 20, 200, "/a").links
    assert [link.number for link in links] == [1, 8, 9, 10, 11, 12, 20]
    assert [link.number for link in links if link.gap] == [8, 20]
    assert [link.number for link in links if link.current] == [10]
    assert links[0].path == "/a"
    assert links[1].path == "/a?page=8"
