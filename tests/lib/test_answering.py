"""Every answer carries its safety headers, its ETag and an honest cache rule."""

import gzip

import pytest
from flask import Flask, Response, abort
from flask.testing import FlaskClient

from blog.lib.answering import public_blueprint
from blog.lib.lastresort import STYLE_HASH
from blog.lib.prefetching import RULES_HASH
from tests.conftest import Reader, Start, environment_in

LONG = "<p>" + "words " * 200 + "</p>"
POLICY = (
    f"default-src 'none'; script-src 'self' {RULES_HASH}; style-src 'self' {STYLE_HASH}; "
    "img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@pytest.fixture
def reader(application: Flask) -> FlaskClient:
    """Return a reader of an application with a few pages of a public blueprint."""
    pages = public_blueprint("sample", __name__)
    pages.add_url_rule("/sample", view_func=lambda: LONG, methods=["GET", "POST"], endpoint="long")
    pages.add_url_rule("/short", view_func=lambda: "<p>few</p>", endpoint="short")
    pages.add_url_rule("/own", view_func=lambda: (LONG, {"Cache-Control": "no-store"}), endpoint="own")
    pages.add_url_rule("/gone", view_func=lambda: abort(410), endpoint="gone")
    picture = Response(b"\x00" * 2000, mimetype="image/webp")
    pages.add_url_rule("/picture", view_func=lambda: picture, endpoint="picture")
    application.register_blueprint(pages)
    return Reader(application, application.response_class, use_cookies=False)


@pytest.mark.parametrize("path", ["/sample", "/gone", "/nothing", "/healthz", "/static/favicon.svg"])
def test_every_answer_carries_the_safety_headers(reader: FlaskClient, path: str) -> None:
    headers = reader.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"].startswith("camera=(), geolocation=(), microphone=()")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_without_https_nobody_is_told_to_insist_on_it(app: Flask, start: Start) -> None:
    plain = start(environment_in(app.config["INSTANCE"], site_url="http://journal.example.org"))
    answer = plain.test_client().get("/healthz", base_url="http://journal.example.org")
    assert (answer.status_code, answer.headers.get("Strict-Transport-Security")) == (200, None)


def test_a_public_page_may_be_kept_and_is_asked_about(reader: FlaskClient) -> None:
    headers = reader.get("/sample").headers
    assert (headers["Cache-Control"], headers["Vary"]) == ("public, no-cache", "Accept-Encoding")


def test_a_page_with_a_rule_of_its_own_keeps_it(reader: FlaskClient) -> None:
    answer = reader.get("/own")
    assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("no-store", None)


def test_the_answer_to_a_post_is_not_kept(reader: FlaskClient) -> None:
    answer = reader.post("/sample")
    assert (answer.headers["Cache-Control"], answer.headers.get("ETag")) == ("no-store", None)


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_whoever_has_the_page_is_told_so(reader: FlaskClient, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    tag = reader.get("/sample", headers=headers).headers["ETag"]
    again = reader.get("/sample", headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert (again.headers["ETag"], again.headers["Vary"]) == (tag, "Accept-Encoding")
    assert again.headers["Cache-Control"] == "public, no-cache"
    assert again.headers["Content-Security-Policy"] == POLICY


def test_each_encoding_has_a_strong_tag_of_its_own(reader: FlaskClient) -> None:
    tags = [reader.get("/sample", headers={"Accept-Encoding": each}).headers["ETag"] for each in ("", "gzip")]
    assert tags[0] != tags[1]
    assert [tag.startswith('"') for tag in tags] == [True, True]
    crossed = reader.get("/sample", headers={"Accept-Encoding": "gzip", "If-None-Match": tags[0]})
    assert crossed.status_code == 200


def test_the_same_page_is_the_same_bytes_in_every_encoding(reader: FlaskClient) -> None:
    packed = [reader.get("/sample", headers={"Accept-Encoding": "deflate, gzip"}) for _ in range(2)]
    assert packed[0].data == packed[1].data
    assert packed[0].data[4:8] == bytes(4)  # gzip's own time stamp would make tomorrow's bytes others
    assert packed[0].headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[0].data) == LONG.encode()
    assert int(packed[0].headers["Content-Length"]) == len(packed[0].data)


@pytest.mark.parametrize("accepted", ["", "zstd", "br;q=0, gzip;q=0", "identity"])
def test_nobody_gets_an_encoding_that_was_not_asked_for(reader: FlaskClient, accepted: str) -> None:
    answer = reader.get("/sample", headers={"Accept-Encoding": accepted})
    assert (answer.headers.get("Content-Encoding"), answer.data) == (None, LONG.encode())


@pytest.mark.parametrize("path", ["/short", "/picture"])
def test_what_would_not_shrink_is_not_compressed(reader: FlaskClient, path: str) -> None:
    answer = reader.get(path, headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, answer.headers.get("Content-Encoding")) == (200, None)


def test_a_head_request_tells_what_a_get_would(reader: FlaskClient) -> None:
    for encoding in ("", "gzip"):
        asked = {"Accept-Encoding": encoding}
        get, head = reader.get("/sample", headers=asked), reader.head("/sample", headers=asked)
        assert head.data == b""
        assert dict(head.headers) == dict(get.headers)
