"""One page is kept once, and no two addresses that differ are taken for each other."""

from typing import Any

import pytest
from flask import Flask, request

from blog.lib.store import Answer
from blog.lib.store.serving import PageStore
from tests.building import article, category, save
from tests.journal import publish_journal, publish_many

from .sample import HOST, LONG, Sample, Told, ask
from .sample import request as request_for


def kept(sample: Sample) -> int:
    return len(sample.store._pages) + len(sample.store._others)


def echo() -> str:
    return f"{sorted(request.args.items())}{LONG}"


@pytest.fixture
def listing(sample: Sample) -> Sample:
    """Return a site with a listing that reads `page` and finds `q`."""
    sample.page("/list", echo, known=("page",), free=("q",))
    return sample


def test_unknown_parameters_make_no_page_and_keep_none(listing: Sample) -> None:
    first = listing.ask("/list", "page=2")
    queries = [
        "page=2&x=1",
        "utm_source=a&page=2",
        "page=2&page=3",
        "page=2&q=",
        "x&page=2&&",
        "page=2&q=+%20",
    ]
    queries += [f"page=2&fbclid={number}" for number in range(50)]
    assert [listing.ask("/list", query) for query in queries] == [first] * len(queries)
    assert (listing.made["/list"], kept(listing)) == (1, 1)


def test_a_page_that_is_kept_just_now_is_not_taken_for_one_of_its_pages(listing: Sample) -> None:
    class Meanwhile(dict[str, tuple[str, ...]]):
        """What is known so far, and lets another reader be the first at a path before it is looked for."""

        def get(self, path: str, default: Any = None) -> Any:
            known = super().get(path, default)
            if known is None:
                listing.ask(path)
            return known

    listing.store._reads = Meanwhile()
    assert listing.ask("/list", "page=2").text == f"[('page', '2')]{LONG}"


def test_a_page_without_parameters_is_kept_once_whatever_stands_in_its_query(listing: Sample) -> None:
    first = listing.ask("/sample", "page=2&q=x")
    assert [listing.ask("/sample", query) for query in ("", "q=x", "page=9", "a=b" * 400)] == [first] * 4
    assert (listing.made["/sample"], kept(listing)) == (1, 1)


def test_the_order_of_parameters_does_not_matter(listing: Sample) -> None:
    assert listing.ask("/list", "q=a&page=2") == listing.ask("/list", "page=2&q=a")
    assert listing.made["/list"] == 1


def test_each_value_is_a_page_of_its_own(listing: Sample) -> None:
    queries = ["", "page=1", "page=2", "q=2", "page=2&q=2", "q=page%3D2", "q=2%26page%3D2", "page=2%26q%3D2"]
    first = {query: listing.ask("/list", query) for query in queries}
    assert len({answer.body for answer in first.values()}) == len(queries)
    assert {query: listing.ask("/list", query) for query in reversed(queries)} == first
    assert listing.made["/list"] == len(queries)


def test_before_the_first_visit_of_a_listing_its_pages_are_told_apart_too(sample: Sample) -> None:
    sample.page("/list", echo, known=("page",))
    first = [sample.ask("/list", f"page={page}") for page in (2, 3, 2)]
    assert [first[0].body == first[1].body, first[0] == first[2]] == [False, True]


def test_a_long_search_is_cut_as_the_page_cuts_it(listing: Sample) -> None:
    first = listing.ask("/list", "q=" + "a" * 200)
    assert listing.ask("/list", "q=" + "a" * 5000) == first
    assert listing.made["/list"] == 1


def test_an_encoded_question_mark_in_the_path_begins_no_query(listing: Sample) -> None:
    page = listing.ask("/list", "page=2")
    odd = listing.ask("/list?page=2", "")
    assert [page.status, odd.status, listing.ask("/list?page=2").status] == [200, 404, 404]
    assert listing.ask("/list", "page=2") == page


ODD_PATHS = [
    "", "/", "//", "//sample", "/sample/", "/sample//", "/SAMPLE", "/sample.", "/sample%00", "/sample\0", "/./sample",
    "/x/../sample", "/sample;a=b", "/sample#a", "/sample\\", "\\sample", "sample", "/sample ", " /sample", "/sample\n",
    "/s\u00e4mple", "/s\xc3\xa4mple", "/sample\xff", "/*", "http://journal.example.org/sample", "/desk", "/sample%2F",
    "/static/../app.py", "/media/../blog.sqlite3", "/" + "a" * 9000, "/articles/" + "%2e" * 50,
]  # fmt: skip


@pytest.mark.parametrize("path", ODD_PATHS, ids=repr)
def test_no_odd_path_gets_or_leaves_anything_under_the_key_of_another(sample: Sample, path: str) -> None:
    page, home = sample.ask("/sample"), sample.ask("/")
    odd = [sample.ask(path, query) for query in ("", "", "page=2")]
    assert odd[0].status in (200, 308, 404)
    assert odd[1:] == [odd[0], odd[0]] if odd[0].status != 308 else odd[1] == odd[0]
    # Slashes in front are the same address to the application.
    assert (odd[0] == page) == (path.lstrip("/") == "sample")
    assert (odd[0] == home) == (set(path) == {"/"})
    assert (sample.ask("/sample"), sample.ask("/")) == (page, home)
    assert list(sample.store._pages._kept) == ["/sample", "/"]


def test_two_ways_to_write_one_accent_keep_one_page(sample: Sample) -> None:
    with sample.app.app_context():
        save(article("\u00dcbung", slug="\u00fcbung"))
    composed, apart = ("/articles/\u00fcbung".encode().decode("latin-1"),
                       "/articles/u\u0308bung".encode().decode("latin-1"))  # fmt: skip
    assert [sample.ask(path).status for path in (composed, apart, composed, apart)] == [200] * 4
    assert list(sample.store._pages._kept) == [composed]


def test_a_script_name_is_not_part_of_the_address(sample: Sample) -> None:
    page = sample.ask("/sample")
    assert sample.ask("/sample", SCRIPT_NAME="/evil") == page
    sample.rename()
    assert "evil" not in sample.ask("/", SCRIPT_NAME="/evil").text
    assert "evil" not in sample.ask("/").text


def test_what_readers_type_gets_a_small_share_and_leaves_the_pages_alone(listing: Sample) -> None:
    page = listing.ask("/list")
    for number in range(3000):
        listing.ask("/list", f"q=word{number}")
    store = listing.store
    assert store._others.used <= 4 * 1024 * 1024
    assert len(store._others) < 3000
    assert list(store._pages._kept) == ["/list"]
    made = listing.made.total()
    assert (listing.ask("/list"), listing.made.total()) == (page, made)


def test_unknown_addresses_never_take_the_space_of_pages(sample: Sample) -> None:
    sample.ask("/sample")
    answers = {sample.ask(f"/nowhere/{number}", f"page={number}").body for number in range(300)}
    assert (len(answers), kept(sample), sample.store._nowhere.get("/nowhere/7") is not None) == (1, 1, True)


def test_an_unknown_address_is_remembered_whatever_stands_in_its_query(sample: Sample) -> None:
    first = sample.ask("/articles/none", "page=2")
    assert (first.status, sample.store._nowhere.get("/articles/none") is not None) == (404, True)
    assert sample.ask("/articles/none", "page=3&x=y") == first


def test_listings_of_the_journal_keep_one_page_for_each_number(application: Flask) -> None:
    with application.app_context():
        publish_journal()
        publish_many(45, category=category())
    sample = Sample(application)
    for path in ("/articles", "/categories/sleep"):
        pages: dict[str, Told] = {page: sample.ask(path, page) for page in ("", "page=2", "page=3")}
        assert len({answer.body for answer in pages.values()}) == 3
        assert {page: sample.ask(path, page) for page in pages} == pages
        assert [sample.ask(path, query).status for query in ("page=99", "page=x", "page=0", "page=-1")] == [
            404
        ] * 4
        assert {page: sample.ask(path, page) for page in pages} == pages


def test_a_fragment_is_never_the_page_and_the_page_never_the_fragment(application: Flask) -> None:
    with application.app_context():
        publish_journal()
    htmx: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "results"}
    sample = Sample(application)
    orders: list[tuple[dict[str, Any], ...]] = [({}, htmx), (htmx, {})]
    for order in orders:
        sample.rename(f"Title {len(order[0])}")
        pages = [sample.ask("/search", "q=sleep", **more) for more in order]
        parts = [sample.ask("/search/results", "q=sleep", **more) for more in order]
        assert pages[0] == pages[1]
        assert parts[0] == parts[1]
        assert (b"<!doctype html>" in pages[0].body.lower(), b"<html" in parts[0].body) == (True, False)


def test_the_store_of_one_site_answers_for_no_other(application: Flask) -> None:
    assert isinstance(application.extensions["page_store"], PageStore)
    assert application.extensions["page_store"].host == HOST
    assert Answer("200 OK", [], b"", None).word == 0
    assert ask(application, "/", HTTP_HOST="other.example.org").status == 400


def test_a_page_of_a_listing_that_is_not_there_is_remembered_too(sample: Sample) -> None:
    first = sample.ask("/categories/none", "page=5")
    answers = [sample.ask("/categories/none", query) for query in ("page=5", "utm=1&page=5", "page=5&page=6")]
    assert [answer.status for answer in (first, *answers)] == [404] * 4
    assert sample.store._nowhere.get(("/categories/none", "page=5")) is not None
    assert sample.store._key(request_for("/categories/none", "page=5&x=1")) == ("/categories/none", "page=5")
