"""A finished answer is the same bytes each time, in the form that the reader takes, under a tag of its own."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import Barrier
from typing import Any

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.store import Answer
from blog.lib.store.answers import encoding_for

from .sample import LONG, request

BODY = f"<p>{LONG}</p>".encode()
HTML = [("Content-Type", "text/html; charset=utf-8"), ("X-Own", "1"), ("Cache-Control", "public, no-cache")]
Given = tuple[str, list[tuple[str, str]], bytes]


def answer(
    body: bytes = BODY, kind: str = "text/html; charset=utf-8", status: str = "200 OK", **more: str
) -> Answer:
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), *more.items()]
    return Answer(status, headers, body, None)


def told(made: Answer, **environ: Any) -> Given:
    said: list[Any] = []
    body = made.respond(request(**environ), lambda status, headers: said.extend((status, headers)))  # type: ignore[arg-type]  # as a server's
    return said[0], said[1], b"".join(body)


def header(given_: Given, name: str) -> str | None:
    return next((value for known, value in given_[1] if known == name), None)


def unpacked(given_: Given) -> bytes:
    encoding = header(given_, "Content-Encoding")
    if encoding == "br":
        data: bytes = brotli.decompress(given_[2])
        return data
    return gzip.decompress(given_[2]) if encoding == "gzip" else given_[2]


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_every_form_holds_the_page_and_says_its_length(encoding: str) -> None:
    found = told(answer(), HTTP_ACCEPT_ENCODING=encoding)
    assert (header(found, "Content-Encoding") or "", unpacked(found)) == (encoding, BODY)
    assert header(found, "Content-Length") == str(len(found[2]))


def test_a_form_is_made_once_however_many_ask_for_it_together() -> None:
    made, everybody = answer(BODY * 50), Barrier(8)

    def ask(_number: int) -> bytes:
        everybody.wait(timeout=30)
        return made.form("br").body[0]

    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(ask, range(8)))
    assert len({id(body) for body in bodies}) == 1


def test_the_first_and_the_later_answer_are_the_same_objects() -> None:
    made = answer(Link="</a>")
    first, later = (told(made, HTTP_ACCEPT_ENCODING="br") for _ in range(2))
    assert first == later
    assert first[1] is later[1]


def test_headers_stand_once_each_and_those_of_the_application_are_kept() -> None:
    made = Answer("200 OK", [*HTML, ("Vary", "Accept-encoding"), ("Content-Length", "3")], BODY, None)
    for encoding in ("", "gzip", "br"):
        names = [name.lower() for name, _ in told(made, HTTP_ACCEPT_ENCODING=encoding)[1]]
        wanted = ["content-type", "x-own", "cache-control", "vary", "etag", "content-length"]
        assert sorted(names) == sorted(wanted + (["content-encoding"] if encoding else []))
    assert header(told(made), "Vary") == "Accept-Encoding"


@pytest.mark.parametrize(
    ("said", "kind", "varies"),
    [
        ([], "text/html", "Accept-Encoding"),
        (["Cookie"], "text/html", "Cookie, Accept-Encoding"),
        (["Accept-Encoding, Cookie", "Origin"], "text/html", "Cookie, Origin, Accept-Encoding"),
        (["accept-encoding", ""], "text/html", "Accept-Encoding"),
        ([], "image/webp", None),
        (["Accept-Encoding"], "image/webp", None),
        (["Cookie"], "image/webp", "Cookie"),
    ],
)
def test_what_an_answer_varies_by_is_said_in_one_header(
    said: list[str], kind: str, varies: str | None
) -> None:
    made = Answer("200 OK", [("Content-Type", kind), *(("Vary", value) for value in said)], BODY, None)
    found = told(made)
    assert (header(found, "Vary"), [name for name, _ in found[1]].count("Vary")) == (
        varies,
        int(varies is not None),
    )


def test_every_form_has_a_strong_tag_of_its_own_and_the_same_page_the_same_tags() -> None:
    tags = [
        [header(told(made, HTTP_ACCEPT_ENCODING=encoding), "ETag") for encoding in ("", "gzip", "br")]
        for made in (answer(), answer(), answer(BODY + b"."))
    ]
    assert tags[0] == tags[1]
    assert len({*tags[0], *tags[2]}) == 6
    assert [tag[0] + tag[-1] for tag in tags[0] if tag] == ['""'] * 3


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("{own}", 304),
        ("W/{own}", 304),
        ("*", 304),
        (' "a", {own} ,"b"', 304),
        ('W/"a",W/{own}', 304),
        ("{other}", 200),
        ('"nothing"', 200),
        ("", 200),
        ("{bare}", 200),
        ("{own}x", 200),
        (", ,", 200),
    ],
)
def test_whoever_has_this_form_is_told_so_and_nobody_else(encoding: str, wanted: str, status: int) -> None:
    made = answer()
    own, other = (made.form(each).tag for each in (encoding, "br" if encoding != "br" else "gzip"))
    asked = wanted.format(own=own, other=other, bare=own.strip('"'))
    found = told(made, HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=asked)
    assert found[0] == ("200 OK" if status == 200 else "304 NOT MODIFIED")
    assert (found[2] == b"") == (status == 304)
    assert header(found, "ETag") == own


def test_an_unchanged_page_says_what_a_cache_needs_and_nothing_of_the_body() -> None:
    made = Answer("200 OK", HTML, BODY, None)
    tag = made.form("gzip").tag
    found = told(made, HTTP_ACCEPT_ENCODING="gzip", HTTP_IF_NONE_MATCH=tag)
    assert sorted(found[1]) == [
        ("Cache-Control", "public, no-cache"),
        ("ETag", tag),
        ("Vary", "Accept-Encoding"),
        ("X-Own", "1"),
    ]


@pytest.mark.parametrize("status", ["301 MOVED PERMANENTLY", "404 NOT FOUND", "410 GONE"])
def test_only_a_page_that_is_there_is_ever_unchanged(status: str) -> None:
    made = answer(status=status)
    found = told(made, HTTP_IF_NONE_MATCH=f"{made.form('').tag}, *")
    assert (found[0], found[2]) == (status, BODY)


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
def test_head_says_what_get_does_without_the_body(encoding: str) -> None:
    made = answer()
    get, head = (told(made, method=method, HTTP_ACCEPT_ENCODING=encoding) for method in ("GET", "HEAD"))
    assert head == (get[0], get[1], b"")
    tag = made.form(encoding).tag
    assert told(made, method="HEAD", HTTP_ACCEPT_ENCODING=encoding, HTTP_IF_NONE_MATCH=tag)[0][:3] == "304"


@pytest.mark.parametrize(
    ("kind", "size", "packs", "vary"),
    [
        ("text/html", 512, True, "Accept-Encoding"),
        ("text/html", 511, False, "Accept-Encoding"),
        ("text/plain; charset=utf-8", 9000, True, "Accept-Encoding"),
        ("application/atom+xml; charset=utf-8", 9000, True, "Accept-Encoding"),
        ("application/feed+json", 9000, True, "Accept-Encoding"),
        ("application/xml", 9000, True, "Accept-Encoding"),
        ("image/svg+xml", 9000, True, "Accept-Encoding"),
        ("image/webp", 9000, False, None),
        ("font/woff2", 9000, False, None),
        ("application/octet-stream", 9000, False, None),
        ("", 9000, False, None),
    ],
)
def test_only_text_that_is_worth_it_is_compressed(
    kind: str, size: int, packs: bool, vary: str | None
) -> None:
    found = told(answer(b"a" * size, kind), HTTP_ACCEPT_ENCODING="br, gzip")
    assert (header(found, "Content-Encoding") == "br", header(found, "Vary")) == (packs, vary)


def test_an_empty_answer_is_an_answer() -> None:
    found = told(answer(b"", "text/plain"), HTTP_ACCEPT_ENCODING="br")
    assert (found[0], found[2], header(found, "Content-Length")) == ("200 OK", b"", "0")


def test_its_size_grows_with_each_form_once() -> None:
    made = answer()
    sizes = [made.size]
    for encoding in ("", "br", "br", "gzip", "gzip"):
        made.form(encoding)
        sizes.append(made.size)
    packed = [len(made.form(encoding).body[0]) for encoding in ("br", "gzip")]
    assert [after - before for before, after in pairwise(sizes)] == [
        *(0, packed[0], 0),
        *(packed[1], 0),
    ]
    assert sizes[0] >= len(BODY)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("br", "br"),
        ("gzip, deflate, br, zstd", "br"),
        ("deflate, gzip;q=1.0, *;q=0.5", "gzip"),
        ("*", "br"),
        ("*;q=0", ""),
        ("br;q=0, *", "gzip"),
        ("gzip;q=0, br;q=0, *", ""),
        ("BR", "br"),
        ("gzip;q=0.001", "gzip"),
        ("identity, gzip;q=0.2", "gzip"),
        ("x-gzip", ""),
        ("brr, gz", ""),
        ("gzip;q=x", ""),
        (",,;;=,", ""),
        ("gzip" + ", a" * 200, "gzip"),
        ("a, " * 200 + "br", "br"),
        ("a, " * 2000 + "br", ""),
    ],
)
def test_the_reader_says_which_form_it_takes(accepted: str, encoding: str) -> None:
    assert encoding_for(accepted) == encoding


@given(st.text(st.characters(max_codepoint=255), max_size=600))
def test_no_wish_is_too_odd_for_an_answer(text: str) -> None:
    assert encoding_for(text) in ("", "gzip", "br")
    found = told(answer(), HTTP_ACCEPT_ENCODING=text, HTTP_IF_NONE_MATCH=text)
    assert found[0] in ("200 OK", "304 NOT MODIFIED")
