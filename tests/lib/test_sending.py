"""A file is sent whole, in part, or not at all, as HTTP wants it."""

from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from blog.lib.sending import Piece, send
from tests.conftest import Reader

CONTENT = bytes(range(256)) * 1000
LENGTH = 256_000
TAG = '"of-what-is-in-it"'


@pytest.fixture
def reader(application: Flask, tmp_path: Path) -> FlaskClient:
    """Return who asks a site that has one file, and one that is gone."""
    (tmp_path / "kept").write_bytes(CONTENT)

    def show(name: str) -> Response:
        return send(tmp_path / name, tag="of-what-is-in-it", media_type="image/png", rule="public, max-age=9")

    application.add_url_rule("/file/<name>", view_func=show)
    return Reader(application, application.response_class, use_cookies=False)


def test_the_whole_file_comes_with_what_is_known_of_it(reader: FlaskClient) -> None:
    answer = reader.get("/file/kept")
    assert (answer.status_code, answer.data) == (200, CONTENT)
    said = {
        name: answer.headers[name] for name in ("Content-Type", "Content-Length", "ETag", "Accept-Ranges")
    }
    assert said == {
        "Content-Type": "image/png",
        "Content-Length": str(LENGTH),
        "ETag": TAG,
        "Accept-Ranges": "bytes",
    }
    assert answer.headers["Cache-Control"] == "public, max-age=9"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"Content-Encoding", "Last-Modified", "Vary"} & set(answer.headers.keys()) == set()


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-99", 0, 99),
        ("bytes=100-", 100, LENGTH - 1),
        ("bytes=-1", LENGTH - 1, LENGTH - 1),
        ("bytes=-70000", LENGTH - 70_000, LENGTH - 1),
        ("bytes=-999999999", 0, LENGTH - 1),
        ("bytes=255999-999999999999999999999999", LENGTH - 1, LENGTH - 1),
        ("Bytes = 5-6 ", 5, 6),
    ],
)
def test_one_part_is_sent(reader: FlaskClient, asked: str, first: int, last: int) -> None:
    answer = reader.get("/file/kept", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (206, CONTENT[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{LENGTH}"
    assert (answer.headers["Content-Length"], answer.headers["ETag"]) == (str(last - first + 1), TAG)


@pytest.mark.parametrize(
    "asked", ["bytes=256000-", "bytes=256000-256001", "bytes=-0", "bytes=9999999999999-"]
)
def test_a_part_that_is_not_there_is_refused_with_the_length(reader: FlaskClient, asked: str) -> None:
    answer = reader.get("/file/kept", headers={"Range": asked})
    assert (answer.status_code, answer.data) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{LENGTH}"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "asked",
    [
        *("bytes=0-1,5-6", "bytes=0-1,", "bytes=-", "bytes=5-4", "bytes=a-b", "bytes=1-2-3", "bytes", ""),
        *("lines=0-1", "bytes=0x1-2", "bytes=--1", "bytes=\u00b2-3", "bytes=" + "9" * 5000 + "-"),
    ],
)
def test_what_cannot_be_cut_is_sent_whole(reader: FlaskClient, asked: str) -> None:
    answer = reader.get("/file/kept", headers={"Range": asked})
    assert (answer.status_code, len(answer.data)) == (200, LENGTH)
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize(
    ("condition", "status"),
    [(TAG, 206), ('"older"', 200), (f"W/{TAG}", 200), ("Fri, 07 Feb 2025 09:00:00 GMT", 200), ("", 200)],
)
def test_a_part_fits_only_to_the_file_that_the_reader_began(
    reader: FlaskClient, condition: str, status: int
) -> None:
    answer = reader.get("/file/kept", headers={"Range": "bytes=0-1", "If-Range": condition})
    assert (answer.status_code, answer.data) == (status, CONTENT[:2] if status == 206 else CONTENT)


@pytest.mark.parametrize("known", [TAG, f"W/{TAG}", f'"older", {TAG}', "*"])
def test_a_file_that_the_reader_has_is_not_sent(reader: FlaskClient, known: str) -> None:
    answer = reader.get("/file/kept", headers={"If-None-Match": known, "Range": "bytes=0-1"})
    assert (answer.status_code, answer.data) == (304, b"")
    assert (answer.headers["ETag"], answer.headers["Cache-Control"]) == (TAG, "public, max-age=9")
    assert {"Content-Length", "Content-Type", "Content-Range"} & set(answer.headers.keys()) == set()


def test_who_wants_another_file_gets_none(reader: FlaskClient) -> None:
    statuses = [
        reader.get("/file/kept", headers={"If-Match": tag}).status_code for tag in ('"older"', TAG, "*")
    ]
    assert statuses == [412, 200, 200]


def test_head_says_what_a_get_of_the_whole_would_say(reader: FlaskClient) -> None:
    head, get = reader.head("/file/kept", headers={"Range": "bytes=0-1"}), reader.get("/file/kept")
    assert (head.status_code, head.data) == (200, b"")
    assert sorted(head.headers) == sorted(get.headers)


@pytest.mark.parametrize("name", ["gone", "a\x00b", "x" * 5000])
def test_a_file_that_is_not_there_is_not_found(reader: FlaskClient, name: str) -> None:
    assert reader.get(f"/file/{name}").status_code == 404


def test_a_file_that_became_shorter_ends_early(tmp_path: Path) -> None:
    path = tmp_path / "short"
    path.write_bytes(b"abc")
    piece = Piece(path.open("rb"), range(1, 10))
    assert list(piece) == [b"bc"]
    piece.close()
