"""Caddy with the shipped file: the same promises as nginx, as far as Caddy keeps them."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.journeys.serving import free_port

from .asking import HOST, SECONDS, Answer, Door, Visitor
from .caddy import caddy
from .conftest import CLIENTS, NEXT, TEA, TOKEN, Journal, own, picture_of
from .proxies import Proxy
from .slowness import addresses, dripping_bodies, dripping_headers

pytestmark = pytest.mark.proxy


@pytest.fixture(scope="module")
def proxy(journal: Journal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with caddy(tmp_path_factory.mktemp("caddy") / "run", journal.door.port) as proxy:
        yield proxy


@pytest.fixture
def reader(proxy: Proxy) -> Visitor:
    return Visitor(proxy.secure)


class Back(BaseHTTPRequestHandler):
    """Answers whatever is asked, as a site does that has just come back."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"back")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its signature)
        """Say nothing."""


@contextmanager
def back(door: Door) -> Iterator[None]:
    with HTTPServer(("127.0.0.1", door.port), Back) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/", TEA, "/feed.xml", "/nothing-here", TEA + "/"])
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
def test_answers_pass_as_they_are(reader: Visitor, direct: Visitor, path: str, encoding: str) -> None:
    through, straight = (who.ask(path, Accept_Encoding=encoding) for who in (reader, direct))
    assert (through.status, through.body) == (straight.status, straight.body)
    assert own(through) == own(straight)


def test_a_page_that_a_reader_has_is_not_sent_again(reader: Visitor) -> None:
    first = reader.ask(TEA, Accept_Encoding="gzip")
    again = reader.ask(TEA, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])


def test_part_of_a_picture_is_sent(reader: Visitor) -> None:
    path = picture_of(reader)
    whole, part = reader.ask(path), reader.ask(path, Range="bytes=1000-1999")
    assert (part.status, part.body) == (206, whole.body[1000:2000])


def test_what_a_command_changed_is_in_the_next_answer(reader: Visitor, journal: Journal) -> None:
    reader.ask("/")
    journal.choose("site.title", "Poured by Caddy")
    assert "Poured by Caddy</title>" in reader.ask("/").text


def test_http_leads_to_https_at_the_same_address(proxy: Proxy) -> None:
    answer = Visitor(proxy.plain).ask("/search?q=tea%20time")
    assert (answer.status, answer.headers["Location"]) == (308, f"https://{HOST}/search?q=tea%20time")


def test_another_host_gets_nothing(proxy: Proxy) -> None:
    assert Visitor(proxy.secure, host="evil.example").ask("/").body == b""


def test_a_signup_is_counted_for_the_address_that_it_came_from(journal: Journal, proxy: Proxy) -> None:
    journal.site.forget("tries")
    visitor = Visitor(proxy.secure, source="127.0.9.2")
    forged = {"X_Forwarded_For": "198.51.100.1", "X_Forwarded_Proto": "http", "Forwarded": "for=1.2.3.4"}
    answers = [visitor.sign_up("cleo@example.org"), visitor.sign_up("cleo@example.org", **forged)]
    found = [(answer.status, answer.headers["Location"][: len(NEXT)]) for answer in answers]
    assert found == [(303, NEXT)] * 2
    assert Visitor(journal.door).sign_up("cleo@example.org", X_Forwarded_For="127.0.9.2").status == 303
    assert journal.site.rows(CLIENTS, "cleo@example.org", "") == [(1, 3)]


@pytest.mark.parametrize("name", ["X_Forwarded_For", "X_Forwarded-For", "x-forwarded_for"])
def test_a_name_with_underscores_does_not_get_through(journal: Journal, proxy: Proxy, name: str) -> None:
    reader = f"{name}@example.org".lower()
    # Where a header stands among others decides which of two that read the same counts.
    for forged in ({}, {name: "198.51.100.1", "Zy": "z", "Zz": "z"}):
        visitor = Visitor(proxy.secure, source="127.0.9.3", headers=forged)
        assert visitor.sign_up(reader).status == 303
    assert journal.site.rows(CLIENTS, reader, "") == [(1, 2)]


def test_a_body_is_taken_up_to_the_size_of_the_largest_form(reader: Visitor) -> None:
    asked = {"Content_Type": "application/x-www-form-urlencoded"}
    sizes = (6, 64 * 1024, 64 * 1024 + 1, 1_000_000)
    bodies = [b"email=" + b"x" * (size - 6) for size in sizes]
    answers = [reader.ask("/newsletter/signup", "POST", body, **asked).status for body in bodies]
    assert answers == [422, 422, 413, 413]


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (f"/newsletter/confirm/{TOKEN}?a=b", "/newsletter/confirm/***"),
        (f"/newsletter/preferences/erase/{TOKEN}", "/newsletter/preferences/***"),
        (f"/newsletter/leave/{TOKEN}", "/newsletter/leave/***"),
        (f"/newsletter/confirm?r={TOKEN}", "/newsletter/confirm?***"),
        (f"/preview/{TOKEN}", "/preview/***"),
        ("/articles?page=%32", "/articles?page=%32"),
    ],
)
def test_what_is_written_down_opens_no_letter(
    reader: Visitor, proxy: Proxy, asked: str, written: str
) -> None:
    line = proxy.written_about(
        lambda agent: reader.ask(asked, Referer=f"https://{HOST}{asked}", User_Agent=agent)
    )
    assert json.loads(line)["request"]["uri"] == written
    assert TOKEN not in line + proxy.complaints.read_text("utf-8")


def test_where_a_signup_leads_is_not_written_down(proxy: Proxy) -> None:
    visitor = Visitor(proxy.secure, source="127.0.9.4")
    answers: list[Answer] = []
    line = proxy.written_about(
        lambda agent: answers.append(visitor.sign_up("gus@example.org", User_Agent=agent))
    )
    handle = answers[0].headers["Location"].removeprefix(NEXT)
    cookie = answers[0].headers["Set-Cookie"].partition(";")[0].partition("=")[2]
    assert (handle in line, cookie in line) == (False, False)


def test_slow_senders_stop_neither_readers_nor_signups(proxy: Proxy) -> None:
    visitor = Visitor(proxy.secure, source="127.0.8.1")
    with (
        dripping_headers(proxy.secure, addresses(200, 10)) as headers,
        dripping_bodies(proxy.secure, addresses(200, 11)) as bodies,
    ):
        for number in range(5):
            headers.drip()
            bodies.drip()
            assert visitor.ask("/").status == 200
            assert visitor.sign_up(f"calm-{number}@example.org").status == 303
        assert (len(headers.connections), len(bodies.connections)) == (200, 200)


def test_while_broadsheet_is_away_the_proxy_says_so_and_nobody_keeps_it(
    tmp_path: Path,
) -> None:
    with caddy(tmp_path / "run", free_port()) as alone:
        answer = Visitor(alone.secure).ask(f"/newsletter/leave/{TOKEN}")
        assert (answer.status, answer.headers["Cache-Control"]) == (503, "no-store")
        assert answer.headers["Retry-After"] == "5"
        assert answer.text == ("The site is being restarted. Please try again in a few seconds.")
        assert TOKEN not in alone.complaints.read_text("utf-8") + alone.log.read_text("utf-8")


def test_a_restart_is_waited_for(journal: Journal, tmp_path: Path) -> None:
    door = Door(free_port())
    with caddy(tmp_path / "run", door.port) as proxy, ThreadPoolExecutor() as pool:
        answer = pool.submit(Visitor(proxy.secure).ask, "/healthz")
        with pytest.raises(TimeoutError):
            answer.result(timeout=0.5)
        with back(door):
            assert answer.result(timeout=SECONDS).body == b"back"
