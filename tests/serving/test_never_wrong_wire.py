"""Requests that no browser sends get their own answer or none, and leave nothing for others."""

import pytest

from . import wire
from .live import NAME, Live
from .reading import Answer

PAGES = ("/", "/articles", "/about", "/nothing-here", "/post/sleep", "/feed.xml", "/search?q=sleep")
OTHER_METHODS = ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "QUERY", "PURGE", "PROPFIND", "X-GET")


@pytest.fixture
def plain(live: Live) -> dict[str, Answer]:
    """Return what a reader gets, in a new edition: nothing is kept yet."""
    answers = live.answers(PAGES)
    live.new_edition()
    return answers


def refusal(live: Live) -> tuple[int, bytes]:
    words = f"This server does not answer for that host name, only for {live.url}.\n"
    return 400, words.encode()


def test_pipelined_requests_get_their_own_answers_in_order(live: Live, plain: dict[str, Answer]) -> None:
    asked = [("GET", "/about"), ("HEAD", "/articles"), ("GET", "/nothing-here"), ("HEAD", "/nothing-here")]
    asked += [("GET", "/articles"), ("GET", "/post/sleep"), ("HEAD", "/about"), ("GET", "/about")]
    sent = [
        wire.request(path.encode(), live.host, method=method.encode(), last=place == len(asked) - 1)
        for place, (method, path) in enumerate(asked)
    ]
    for _ in range(3):
        answers = wire.ask(live.port, b"".join(sent), [method for method, _path in asked])
        for (method, path), answer in zip(asked, answers, strict=True):
            body = plain[path].body if method == "GET" else b""
            expected = Answer(plain[path].status, plain[path].headers, body)
            assert (method, path, wire.without_connection(answer) == expected) == (method, path, True)


@pytest.mark.parametrize(
    "body",
    [
        (b"Content-Length: 9\r\n", b"GET / HTT"),
        (b"Content-Length: 0\r\n", b""),
        (b"Transfer-Encoding: chunked\r\n", b"9\r\nGET / HTT\r\n0\r\n\r\n"),
        (b"Content-Length: 4\r\nContent-Type: application/x-www-form-urlencoded\r\n", b"page"),
    ],
)
def test_a_body_that_comes_with_a_get_is_nobodys_request(
    live: Live, plain: dict[str, Answer], body: tuple[bytes, bytes]
) -> None:
    headers, content = body
    host = live.host.encode()
    first = b"GET /articles HTTP/1.1\r\nHost: %b\r\n%b\r\n%b" % (host, headers, content)
    for _ in range(3):
        answers = wire.ask(live.port, first + wire.request(b"/about", live.host), ("GET", "GET"))
        assert list(map(wire.without_connection, answers)) == [plain["/articles"], plain["/about"]]


def test_two_lengths_smuggle_nothing(live: Live, plain: dict[str, Answer]) -> None:
    inner = wire.request(b"/about", live.host)
    for headers in (
        b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n" % (5 + len(inner)),
        b"Content-Length: 5\r\nContent-Length: 0\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ):
        sent = b"GET /articles HTTP/1.1\r\nHost: %b\r\n%b\r\n0\r\n\r\n%b" % (
            live.host.encode(), headers, inner,
        )  # fmt: skip
        received = wire.exchange(live.port, sent)
        assert (headers, received.count(b"HTTP/1.1 ")) == (headers, 1)
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize(
    "target", ["http://evil.example/articles", "http://{host}/articles", "HTTP://evil.example:1/articles"]
)
def test_a_whole_address_as_target_is_that_path_of_this_site(
    live: Live, plain: dict[str, Answer], target: str
) -> None:
    for _ in range(2):
        (answer,) = wire.ask(live.port, wire.request(target.format(host=live.host).encode(), live.host))
        assert wire.without_connection(answer) == plain["/articles"]
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize(
    "hosts",
    [
        [],
        [""],
        ["evil.example"],
        ["{host}", "evil.example"],
        ["evil.example", "{host}"],
        ["{host}", "{host}"],
        ["{host},evil.example"],
        [f"{NAME}"],
        [f"{NAME}:80"],
        [f"{NAME}.:{{port}}"],
        ["ann@{host}"],
        ["{host}/articles"],
        ["{host}#"],
        [f"{NAME}:0{{port}}"],
        ["127.0.0.1:{port}"],
    ],
)
def test_another_host_is_refused_and_changes_nobodys_page(
    live: Live, plain: dict[str, Answer], hosts: list[str]
) -> None:
    lines = [f"Host: {host.format(host=live.host, port=live.port)}".encode() for host in hosts]
    for path in PAGES:
        sent = b"\r\n".join([b"GET %b HTTP/1.1" % path.encode(), *lines, b"Connection: close", b"", b""])
        (answer,) = wire.ask(live.port, sent)
        assert (answer.status, answer.body) == refusal(live)
        assert answer.header("cache-control") == "no-store"
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize("host", ["{host} ", "\t{host}", "{upper}"])
def test_a_host_may_be_written_in_capitals_and_with_space_around(
    live: Live, plain: dict[str, Answer], host: str
) -> None:
    given = host.format(host=live.host, upper=live.host.upper())
    for path in PAGES:
        (answer,) = wire.ask(live.port, wire.request(path.encode(), given))
        assert (path, wire.without_connection(answer) == plain[path]) == (path, True)
    assert live.answers(PAGES) == plain


def test_http_1_0_is_answered_once_when_it_names_the_host(live: Live, plain: dict[str, Answer]) -> None:
    host = b"Host: %b\r\n" % live.host.encode()
    for _ in range(2):
        (answer,) = wire.ask(live.port, b"GET /articles HTTP/1.0\r\n%b\r\n" % host)
        assert wire.without_connection(answer) == plain["/articles"]
        (answer,) = wire.ask(live.port, b"GET /articles HTTP/1.0\r\n\r\n")
        assert (answer.status, answer.body) == refusal(live)
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_other_methods_are_refused_and_leave_nothing(
    live: Live, plain: dict[str, Answer], method: str
) -> None:
    for path, status in (("/articles", 405), ("/about", 405), ("/feed.xml", 405), ("/post/sleep", 404)):
        for _ in range(2):
            (answer,) = wire.ask(live.port, wire.request(path.encode(), live.host, method=method.encode()))
            assert (path, answer.status, answer.header("cache-control")) == (path, status, "no-store")
    assert live.answers(PAGES) == plain


def test_options_says_what_can_be_done_and_leaves_nothing(live: Live, plain: dict[str, Answer]) -> None:
    for _ in range(2):
        (answer,) = wire.ask(live.port, wire.request(b"/articles", live.host, method=b"OPTIONS"))
        assert (answer.status, answer.body, answer.header("cache-control")) == (200, b"", "no-store")
        assert sorted(answer.header("allow").split(", ")) == ["GET", "HEAD", "OPTIONS"]
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize("method", ["get", "Get", "head", "post"])
def test_a_method_in_small_letters_is_no_method(live: Live, plain: dict[str, Answer], method: str) -> None:
    for path in PAGES:
        (answer,) = wire.ask(live.port, wire.request(path.encode(), live.host, method=method.encode()))
        assert (path, answer.status, answer.header("cache-control")) == (path, 400, "no-store")
    assert live.answers(PAGES) == plain


@pytest.mark.parametrize(
    "line",
    [
        b"GET /articles", b"GET  /articles HTTP/1.1", b"GET /articles HTTP/2.0", b"GET /arti\xffcles HTTP/1.1",
        b"GET articles/x HTTP/1.1", b"GET ?page=2 HTTP/1.1", b"G\xffT /articles HTTP/1.1", b"GET /a b HTTP/1.1",
        b"GET /articles\x00 HTTP/1.1", b"/articles", b"", b"\x16\x03\x01\x02\x00\x01",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused(live: Live, plain: dict[str, Answer], line: bytes) -> None:
    received = wire.exchange(live.port, line + b"\r\nHost: %b\r\n\r\n" % live.host.encode())
    assert received.startswith(b"HTTP/1.1 400 ")
    assert live.answers(PAGES) == plain
