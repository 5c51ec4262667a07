"""No header that a client sends changes an answer, its own or the next reader's."""

import re
from itertools import cycle

import pytest

from . import wire
from .live import Live
from .reading import Answer, Headers
from .unkeyed import CONDITIONS, MARK, UNKEYED

PAGES = (
    *("/", "/articles", "/articles/sleep-and-memory", "/search?q=sleep", "/search/results?q=sleep"),
    *("/newsletter", "/feed.xml", "/feed.json", "/sitemap.xml", "/nothing-here", "/post/sleep", "/articles/"),
)

Answers = dict[str, Answer]


@pytest.fixture(scope="module")
def plain(live: Live) -> Answers:
    """Return what a reader gets who sends nothing but the name of the site."""
    answers = live.answers(PAGES)
    home = answers["/"].text
    files = re.findall(r'/(?:static|media)/[^" ]+', home + answers["/articles/sleep-and-memory"].text)
    return answers | live.answers(sorted(set(files)))


def in_both_orders(live: Live, plain: Answers, headers: Headers) -> Answers:
    """Return what differs when the headers come before the plain request, and after it, in a new edition.

    The addresses are shared out among the processes; what happens to one address happens in one of them.
    """
    wrong: Answers = {}
    for orders in ((headers, ()), ((), headers)):
        live.new_edition()
        for (path, expected), reader in zip(plain.items(), cycle(live.readers)):
            for sent in orders:
                answer = reader.ask(path, sent)
                if answer != expected:
                    wrong[path] = answer
    return wrong


@pytest.mark.parametrize("header", UNKEYED, ids=lambda header: header[0])
def test_a_header_changes_nothing(live: Live, plain: Answers, header: tuple[str, str]) -> None:
    assert in_both_orders(live, plain, [header]) == {}


@pytest.mark.parametrize("header", CONDITIONS, ids=lambda header: header[0])
def test_a_condition_changes_no_page(live: Live, plain: Answers, header: tuple[str, str]) -> None:
    pages = {path: answer for path, answer in plain.items() if not path.startswith(("/media/", "/static/"))}
    assert in_both_orders(live, pages, [header]) == {}


def test_all_headers_at_once_change_nothing(live: Live, plain: Answers) -> None:
    assert in_both_orders(live, plain, UNKEYED) == {}


def test_headers_of_a_post_change_nothing(live: Live, plain: Answers) -> None:
    body = b"email=nobody&page=/%3Cb%3Ezz-mark.example"
    kept = [header for header in UNKEYED if header[0] not in ("Content-Length", "Expect")]
    lines = [f"{name}: {value}".encode() for name, value in (*kept, ("Content-Length", str(len(body))))]
    live.new_edition()
    for path, status in (("/", 405), ("/articles", 405), ("/nothing/here", 404), ("/newsletter/signup", 403)):
        for _reader in live.readers:
            sent = wire.request(path.encode(), live.host, *lines, method=b"POST") + body
            assert [answer.status for answer in wire.ask(live.port, sent)] == [status]
    assert live.answers(plain) == plain


def test_nothing_that_a_client_sends_comes_back(live: Live, plain: Answers) -> None:
    for path in plain:
        answer = live.ask(f"{path}{'&' if '?' in path else '?'}{MARK}={MARK}", UNKEYED)
        told = answer.body.decode("latin-1") + str(answer.headers)
        # The way to an address without its slash keeps the query, so it is for nobody else.
        is_theirs = path == "/articles/" and answer.header("cache-control") == "no-store"
        assert (path, MARK in told) == (path, is_theirs)


def test_forms_of_a_page_are_one_page(live: Live, plain: Answers) -> None:
    for orders in (("br", "gzip", ""), ("", "gzip", "br")):
        live.new_edition()
        for path, expected in plain.items():
            for encoding in orders:
                answer = live.ask(path, [("Accept-Encoding", encoding)] if encoding else [])
                assert (path, answer.status) == (path, expected.status)
                assert answer.header("content-encoding") in ("", encoding)
                if not path.startswith("/media/"):
                    assert answer.text == expected.text
