"""Every answer carries what keeps readers safe and caches honest."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from blog.lib.lastresort import STYLE_HASH
from blog.lib.prefetching import RULES_HASH
from tests.journal import PUBLIC, publish_journal, publish_many

POLICY = (
    f"default-src 'none'; script-src 'self' {RULES_HASH}; style-src 'self' {STYLE_HASH}; "
    "img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SAFETY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
}
ANY_KIND = (
    *(("GET", path, 200) for path in PUBLIC),
    ("GET", "/media/sleep.png", 200),
    ("GET", "/static/favicon.svg", 200),
    ("GET", "/healthz", 200),
    ("GET", "/nowhere", 404),
    ("GET", "/articles/", 308),
    ("GET", "/post/sleep", 301),
    ("POST", "/articles", 405),
    ("OPTIONS", "/articles", 200),
    ("POST", "/newsletter/signup", 422),
)
WITH_GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    publish_journal()
    return client


def told(response: TestResponse) -> dict[str, str]:
    """Return every header but the time of day."""
    return {name: value for name, value in response.headers.items() if name != "Date"}


def carried(response: TestResponse) -> dict[str, str | None]:
    return {name: response.headers.get(name) for name in SAFETY}


def test_every_kind_of_answer_carries_the_safety_headers(reader: FlaskClient) -> None:
    answers = {(method, path): reader.open(path, method=method) for method, path, _ in ANY_KIND}
    assert {asked: answer.status_code for asked, answer in answers.items()} == {
        (method, path): status for method, path, status in ANY_KIND
    }
    assert [asked for asked, answer in answers.items() if carried(answer) != SAFETY] == []


def test_a_refused_host_and_a_broken_site_carry_them_too(reader: FlaskClient, app: Flask) -> None:
    app.add_url_rule("/fault", "fault", lambda: 1 / 0)  # type: ignore[arg-type]  # no answer is meant
    answers = [reader.get("/", base_url="https://evil.example"), reader.get("/fault")]
    assert [(answer.status_code, carried(answer)) for answer in answers] == [(400, SAFETY), (500, SAFETY)]


def test_no_reader_gets_a_cookie_and_nothing_varies_by_one(reader: FlaskClient) -> None:
    theirs = {"Cookie": "session=abc; signup=x"}
    for method, path, _ in ANY_KIND:
        headers = reader.open(path, method=method, headers=theirs).headers
        assert (path, headers.getlist("Set-Cookie")) == (path, [])
        assert (path, headers.get("Vary", "Accept-Encoding")) == (path, "Accept-Encoding")


def test_a_public_page_may_be_kept_by_anyone_who_asks_again(reader: FlaskClient) -> None:
    for path in (*PUBLIC, "/nowhere"):
        headers = reader.get(path).headers
        kept = (headers["Cache-Control"], headers.getlist("Vary"), headers.get("Last-Modified"))
        assert (path, *kept) == (path, "public, no-cache", ["Accept-Encoding"], None)


@pytest.mark.parametrize("path", ["/healthz", "/articles/"])
def test_what_is_true_only_now_is_not_kept(reader: FlaskClient, path: str) -> None:
    assert reader.get(path).headers["Cache-Control"] == "no-store"


def test_the_compressed_answer_holds_the_same_bytes_under_another_tag(reader: FlaskClient) -> None:
    large = [path for path in PUBLIC if len(reader.get(path).data) >= 512]
    assert len(large) > len(PUBLIC) - 4
    for path in large:
        plain, packed = reader.get(path), reader.get(path, headers=WITH_GZIP)
        assert (path, packed.headers["Content-Encoding"]) == (path, "gzip")
        assert gzip.decompress(packed.data) == plain.data
        assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gz"'


def test_what_is_too_small_to_be_worth_it_is_not_compressed(reader: FlaskClient) -> None:
    small = reader.get("/robots.txt", headers=WITH_GZIP)
    assert (small.headers.get("Content-Encoding"), small.headers["Vary"]) == (None, "Accept-Encoding")
    assert small.data == reader.get("/robots.txt").data


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_an_unchanged_page_is_answered_304_with_the_same_headers(reader: FlaskClient, encoding: str) -> None:
    asked = {"Accept-Encoding": encoding}
    kept = ("ETag", "Vary", "Cache-Control", *SAFETY)
    for path in PUBLIC:
        first = reader.get(path, headers=asked)
        again = reader.get(path, headers=asked | {"If-None-Match": first.headers["ETag"]})
        assert (path, again.status_code, again.data) == (path, 304, b"")
        assert [again.headers.get(name) for name in kept] == [first.headers.get(name) for name in kept]
        assert "Content-Encoding" not in again.headers


def test_the_tag_of_one_encoding_does_not_speak_for_the_other(reader: FlaskClient) -> None:
    tag = reader.get("/articles", headers=WITH_GZIP).headers["ETag"]
    assert reader.get("/articles", headers={"If-None-Match": tag}).status_code == 200


def test_a_changed_page_has_another_tag(reader: FlaskClient) -> None:
    before = reader.get("/articles").headers["ETag"]
    publish_many(1)
    answer = reader.get("/articles", headers={"If-None-Match": before})
    assert (answer.status_code, answer.headers["ETag"] == before) == (200, False)


@pytest.mark.parametrize(
    ("asked", "encoding"),
    [
        ("gzip;q=0", None),
        ("identity", None),
        ("zstd", None),
        ("", None),
        ("br", "br"),
        ("gzip, br", "br"),
        ("gzip, br;q=0.5", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("GZIP", "gzip"),
    ],
)
def test_only_who_can_unpack_gets_it_packed(client: FlaskClient, asked: str, encoding: str | None) -> None:
    response = client.get("/articles", headers={"Accept-Encoding": asked})
    assert response.headers.get("Content-Encoding") == encoding


def test_head_says_the_same_as_get_without_the_body(reader: FlaskClient) -> None:
    for path in PUBLIC:
        get, head = reader.get(path, headers=WITH_GZIP), reader.head(path, headers=WITH_GZIP)
        assert (path, head.status_code, head.data) == (path, 200, b"")
        assert told(head) == told(get)


def test_a_page_is_the_same_bytes_each_time_and_for_htmx_too(reader: FlaskClient) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "main", "HX-Boosted": "true", "HX-Request-Type": "partial"}
    for path in PUBLIC:
        first, again, theirs = reader.get(path), reader.get(path), reader.get(path, headers=htmx)
        assert (path, again.data, told(again)) == (path, first.data, told(first))
        assert (path, theirs.data, told(theirs)) == (path, first.data, told(first))


def test_unknown_query_parameters_change_nothing(reader: FlaskClient) -> None:
    listings = (
        "/articles",
        "/categories/sleep",
        "/tags/memory",
        "/people/ann-example",
        "/people/ben-example",
        "/faq",
        "/newsletter",
    )
    for path in PUBLIC:
        more = "utm_source=letter&x=<b>" + ("" if path in listings or "search" in path else "&page=2&q=x")
        answer = reader.get(f"{path}{'&' if '?' in path else '?'}{more}")
        assert (path, answer.data) == (path, reader.get(path).data)
