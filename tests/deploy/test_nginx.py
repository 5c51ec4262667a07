"""nginx with the shipped file: what readers get through it is what Broadsheet says, and nothing else gets through."""

import re
import socket
import ssl
import time
from collections.abc import Iterator

import pytest

from tests.journeys.serving import free_port

from .asking import HOST, Door, Visitor
from .conftest import CLIENTS, NEXT, TEA, TOKEN, Journal, own, picture_of
from .nginx import nginx
from .proxies import Proxy

pytestmark = pytest.mark.proxy

IN_A_FILE = "is buffered to a temporary file"
FORGED = ("198.51.100.1", "evil.example", "/evil", "1", "http")


@pytest.fixture(scope="module")
def proxy(journal: Journal, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with nginx(tmp_path_factory.mktemp("nginx") / "run", journal.door.port) as proxy:
        yield proxy


@pytest.fixture
def reader(proxy: Proxy) -> Visitor:
    return Visitor(proxy.secure)


@pytest.mark.parametrize("path", ["/", TEA, "/faq", "/feed.xml", "/nothing-here", "/newsletter", TEA + "/"])
@pytest.mark.parametrize("encoding", ["br", "gzip", "identity", "gzip, deflate, br"])
def test_answers_pass_as_they_are(reader: Visitor, direct: Visitor, path: str, encoding: str) -> None:
    through, straight = (who.ask(path, Accept_Encoding=encoding) for who in (reader, direct))
    assert (through.status, through.body) == (straight.status, straight.body)
    assert own(through) == own(straight)
    assert "Content-Length" in through.headers


def test_a_page_that_a_reader_has_is_not_sent_again(reader: Visitor) -> None:
    first = reader.ask(TEA, Accept_Encoding="gzip")
    again = reader.ask(TEA, Accept_Encoding="gzip", If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert (again.headers["ETag"], again.headers["Vary"]) == (first.headers["ETag"], "Accept-Encoding")


def test_head_says_what_get_says(reader: Visitor) -> None:
    head, whole = (reader.ask(TEA, method, Accept_Encoding="gzip") for method in ("HEAD", "GET"))
    assert (head.status, head.body, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(whole.body))


def test_part_of_a_picture_is_sent(reader: Visitor) -> None:
    path = picture_of(reader)
    whole = reader.ask(path)
    part = reader.ask(path, Range="bytes=1000-1999")
    assert (part.status, part.body) == (206, whole.body[1000:2000])
    assert part.headers["Content-Range"] == f"bytes 1000-1999/{len(whole.body)}"


def test_what_a_command_changed_is_in_the_next_answer(reader: Visitor, journal: Journal) -> None:
    for title in ("Tea Times", "The Kettle"):
        assert f"{title}</title>" not in reader.ask("/").text
        journal.choose("site.title", title)
        assert f"{title}</title>" in reader.ask("/").text
    article = journal.folder / "articles" / "tea.md"
    article.write_text(article.read_text("utf-8").replace("## The water", "## The hot water"), "utf-8")
    assert "The hot water" not in reader.ask(TEA).text
    journal.import_again()
    assert "The hot water" in reader.ask(TEA).text


def test_http_leads_to_https_at_the_same_address(proxy: Proxy) -> None:
    answer = Visitor(proxy.plain).ask("/search?q=tea%20time")
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/search?q=tea%20time")


def test_browsers_are_offered_http_2(proxy: Proxy) -> None:
    context = proxy.secure.context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", proxy.secure.port))
    with context.wrap_socket(plain, server_hostname=HOST) as connection:
        assert connection.selected_alpn_protocol() == "h2"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_who_comes_back_needs_no_new_handshake(proxy: Proxy, version: ssl.TLSVersion) -> None:
    context = proxy.secure.context()
    context.maximum_version = version
    session, reused = None, []
    for _ in range(2):
        plain = socket.create_connection(("127.0.0.1", proxy.secure.port))
        with context.wrap_socket(plain, server_hostname=HOST, session=session) as connection:
            connection.sendall(f"HEAD / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")
            session = connection.session
            reused.append(connection.session_reused)
    assert reused == [False, True]


def test_another_host_is_refused(proxy: Proxy, direct: Visitor) -> None:
    for door in (proxy.plain, proxy.secure):
        assert Visitor(door, host="evil.example").ask("/").status == 400
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        proxy.secure.connect(name="evil.example")
    assert Visitor(direct.door, host="evil.example").ask("/").status == 400


def test_a_signup_is_counted_for_the_address_that_it_came_from(journal: Journal, proxy: Proxy) -> None:
    journal.site.forget("tries")
    visitor = Visitor(proxy.secure, source="127.0.9.1")
    names = ("For", "Host", "Prefix", "Port", "Proto")
    forged = {f"X_Forwarded_{name}": value for name, value in zip(names, FORGED, strict=True)}
    answers = [visitor.sign_up("ann@example.org"), visitor.sign_up("ann@example.org", **forged)]
    found = [(answer.status, answer.headers["Location"][: len(NEXT)]) for answer in answers]
    assert found == [(303, NEXT)] * 2
    assert Visitor(journal.door).sign_up("ben@example.org", X_Forwarded_For="127.0.9.1").status == 303
    assert journal.site.rows(CLIENTS, "ann@example.org", "ben@example.org") == [(1, 3)]
    kept = "SELECT address FROM subscriber WHERE address IN ('ann@example.org', 'ben@example.org')"
    assert sorted(journal.site.rows(kept)) == [("ann@example.org",), ("ben@example.org",)]


def test_a_form_of_another_site_is_refused(reader: Visitor) -> None:
    assert reader.sign_up("eve@example.org", Sec_Fetch_Site="cross-site").status == 403


def test_a_body_is_taken_up_to_the_size_of_the_largest_form(reader: Visitor) -> None:
    asked = {"Content_Type": "application/x-www-form-urlencoded"}
    largest, larger = (b"email=" + b"x" * (size - 6) for size in (64 * 1024, 64 * 1024 + 1))
    assert reader.ask("/newsletter/signup", "POST", largest, **asked).status == 422
    assert reader.ask("/newsletter/signup", "POST", larger, **asked).status == 413


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        (f"/newsletter/confirm/{TOKEN}", "/newsletter/confirm/***"),
        (f"/newsletter/leave/{TOKEN}?a=b", "/newsletter/leave/***"),
        (f"/newsletter/preferences/{TOKEN}", "/newsletter/preferences/***"),
        (f"/newsletter/preferences/erase/{TOKEN}", "/newsletter/preferences/***"),
        (f"/newsletter/preferences/unfollow/{TOKEN}", "/newsletter/preferences/***"),
        (f"/newsletter/confirm?r={TOKEN}", "/newsletter/confirm?***"),
        (f"/preview/{TOKEN}", "/preview/***"),
        (f"/%70review/{TOKEN}", "/preview/***"),
        (f"//newsletter//leave/{TOKEN}", "/newsletter/leave/***"),
        ("/newsletter/issues/may?page=2", "/newsletter/issues/may?page=2"),
        ("/articles?page=%32", "/articles?page=%32"),
    ],
)
def test_what_is_written_down_opens_no_letter(
    reader: Visitor, proxy: Proxy, asked: str, written: str
) -> None:
    line = proxy.written_about(
        lambda agent: reader.ask(asked, Referer=f"https://{HOST}{asked}", User_Agent=agent)
    )
    referer = "***" if "***" in written else f"https://{HOST}{asked}"
    assert re.findall(r'"([^"]*)"', line)[:2] == [f"GET {written} HTTP/1.1", referer]
    assert TOKEN not in proxy.complaints.read_text("utf-8")


def read_slowly(door: Door, path: str) -> bytes:
    """Ask for something, take the first bytes of it, and the rest much later."""
    with door.connect() as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {HOST}\r\n\r\n".encode())
        first = connection.recv(1000)
        time.sleep(0.5)
        return first + b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_page_waits_for_a_slow_reader_in_memory_and_a_large_picture_in_a_file(proxy: Proxy) -> None:
    assert read_slowly(proxy.secure, TEA).endswith(b"</html>")
    reader = Visitor(proxy.secure)
    assert reader.sign_up("ann@example.org", X_Long="x" * 4000).status == 303
    assert IN_A_FILE not in proxy.complaints.read_text("utf-8")
    read_slowly(proxy.secure, "/media/cup.png")
    assert "/media/cup.png" in proxy.complaints.read_text("utf-8").partition(IN_A_FILE)[2]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Start nginx with nobody behind it, as before certbot came."""
    with nginx(tmp_path_factory.mktemp("alone") / "run", free_port(), with_certificate=False) as proxy:
        yield proxy


def test_while_broadsheet_is_away_the_proxy_says_so_and_nobody_keeps_it(alone: Proxy) -> None:
    answers = [Visitor(alone.plain).ask("/"), Visitor(alone.plain).sign_up("ann@example.org")]
    for answer in answers:
        assert (answer.status, answer.headers["Content-Type"]) == (503, "text/plain; charset=utf-8")
        assert (answer.headers["Cache-Control"], answer.headers["Retry-After"]) == ("no-store", "5")
        assert answer.text == "The site is being restarted. Please try again in a few seconds.\n"
        assert answer.headers["Server"] == "nginx"


def test_no_address_of_a_letter_is_among_the_complaints(alone: Proxy) -> None:
    assert Visitor(alone.plain).ask(f"/newsletter/leave/{TOKEN}").status == 503
    assert Visitor(alone.plain).ask("/articles").status == 503
    complaints = alone.complaints.read_text("utf-8")
    assert '"GET /articles HTTP/1.1"' in complaints
    assert TOKEN not in complaints + alone.log.read_text("utf-8")


def test_before_certbot_the_site_has_no_https(alone: Proxy) -> None:
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        alone.secure.connect()
