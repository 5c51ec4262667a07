"""A public page sees its address and the parameters that it reads, and nothing that differs between readers."""

import io
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl

import pytest
from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.db import db, write
from blog.lib.store.slots import LONGEST_VALUE, Said, canonical_query
from blog.settings import identity
from blog.settings.declaring import choose

from .sample import LONG, Sample, titled

KNOWN = ("page", "q")


@pytest.mark.parametrize(
    ("query", "canonical"),
    [
        ("", ""),
        ("page=2", "page=2"),
        ("q=a&page=2", "page=2&q=a"),
        ("page=2&page=3", "page=2"),
        ("page=&page=3", "page=3"),
        ("page", ""),
        ("page=", ""),
        ("q=%20%20", ""),
        ("q=+a++b%0A", "q=a+b"),
        ("q=a%00b", "q=a+b"),
        ("x=1&utm_source=letter", ""),
        ("Page=2", ""),
        ("%70age=2", "page=2"),
        ("page%3D2", ""),
        ("q=a%26page%3D2", "q=a%26page%3D2"),
        ("q=a;page=2", "q=a%3Bpage%3D2"),
        ("q=%C3%BC", "q=%C3%BC"),
        ("q=\xc3\xbc", "q=%C3%BC"),
        ("q=%FF", "q=%EF%BF%BD"),
        ("q=%", "q=%25"),
        ("&&page=2&&", "page=2"),
        ("q=\u20ac", ""),
        ("page=2&" + "&".join(f"a{number}=1" for number in range(60)), ""),
    ],
)
def test_a_query_becomes_its_known_parameters_each_once_in_one_order(query: str, canonical: str) -> None:
    assert canonical_query(query, KNOWN) == canonical


def test_a_value_is_cut_where_no_page_reads_on() -> None:
    assert canonical_query("q=" + "a" * 5000, KNOWN) == "q=" + "a" * LONGEST_VALUE
    assert canonical_query("q=" + "a" * (LONGEST_VALUE - 1) + "+b", KNOWN) == "q=" + "a" * (LONGEST_VALUE - 1)


@given(st.text(st.characters(max_codepoint=255), max_size=400))
def test_any_query_has_one_form_that_is_its_own(query: str) -> None:
    canonical = canonical_query(query, KNOWN)
    assert canonical_query(canonical, KNOWN) == canonical
    assert canonical.isascii()
    assert canonical_query(canonical, ()) == ""
    assert {name for name, _ in parse_qsl(canonical)} <= set(KNOWN)


def seen() -> Any:
    """Say all that a view could look at."""
    parts = {
        "query": request.query_string.decode(),
        "args": request.args.to_dict(flat=False),
        "values": request.values.to_dict(flat=False),
        "full path": request.full_path,
        "headers": sorted(request.headers.items()),
        "cookies": dict(request.cookies),
        "languages": str(request.accept_languages),
        "agent": request.user_agent.string,
        "referrer": request.referrer,
        "htmx": bool(request.htmx),  # type: ignore[attr-defined]  # htmx-flask has no types
        "authorization": str(request.authorization),
        "form": request.form.to_dict(),
        "host": request.host,
        "root": request.root_url,
    }
    return f"{parts}{LONG}"


PERSONAL = {
    "HTTP_COOKIE": "session=abc; theme=dark", "HTTP_ACCEPT_LANGUAGE": "de", "HTTP_USER_AGENT": "Robot/1",
    "HTTP_REFERER": "https://elsewhere.example/", "HTTP_AUTHORIZATION": "Basic YTpi", "HTTP_HX_REQUEST": "true",
    "HTTP_HX_TARGET": "main", "HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PROTO": "gopher", "HTTP_X_FORWARDED_PREFIX": "/evil", "HTTP_FORWARDED": "host=evil.example",
    "HTTP_X_ORIGINAL_URL": "/desk", "HTTP_X_REWRITE_URL": "/desk", "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_ACCEPT": "application/json", "HTTP_ORIGIN": "https://evil.example", "HTTP_SAVE_DATA": "on",
    "HTTP_RANGE": "bytes=0-3", "HTTP_IF_RANGE": '"a"', "HTTP_IF_MATCH": '"a"', "HTTP_DNT": "1",
    "HTTP_IF_UNMODIFIED_SINCE": "Thu, 01 Jan 1970 00:00:00 GMT", "HTTP_CACHE_CONTROL": "no-cache",
    "HTTP_PRAGMA": "no-cache", "HTTP_SEC_FETCH_MODE": "navigate", "HTTP_PURPOSE": "prefetch",
    "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT", "HTTP_UPGRADE": "h2c", "HTTP_TE": "trailers",
    "REMOTE_ADDR": "203.0.113.9", "REMOTE_USER": "root",
}  # fmt: skip


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("name", ["seen", *sorted(PERSONAL)])
def test_nothing_that_differs_between_readers_reaches_a_page(sample: Sample, name: str, turn: int) -> None:
    sample.page("/seen", seen, known=KNOWN)
    personal = PERSONAL if name == "seen" else {name: PERSONAL[name]}
    # "Range" and the conditional headers are left for files; a page that looked at them would be at fault.
    left_in = {"HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "seen"}
    path = "/sample" if name in left_in else "/seen"
    asks: list[tuple[str, dict[str, Any]]] = [("page=2", {}), ("x=y&page=2", personal)]
    first, second = [sample.ask(path, query, **more) for query, more in asks[::turn]]
    assert (first.status, first) == (200, second)
    sample.rename()
    sample.rename("Broadsheet")
    anew = [sample.ask(path, query, **more) for query, more in asks[::-turn]]
    assert (sample.made[path], anew) == (2, [first, first])


def test_a_page_that_looks_into_a_session_is_the_readers_own(sample: Sample) -> None:
    sample.page("/mine", lambda: f"{session.get('name')} {LONG}")
    signer = SecureCookieSessionInterface().get_signing_serializer(sample.app)
    assert signer is not None
    cookie = f"session={signer.dumps({'name': 'Ann'})}"
    answers = [sample.ask("/mine", HTTP_COOKIE=each) for each in (cookie, None, cookie, "session=broken")]
    assert [answer.text.split()[0] for answer in answers] == ["Ann", "None", "Ann", "None"]
    assert sample.made["/mine"] == 4


@pytest.mark.parametrize("vary", ["Cookie", "Accept-Encoding, cookie", "*"])
def test_a_page_that_varies_by_the_reader_is_not_kept(sample: Sample, vary: str) -> None:
    sample.page("/vary", lambda: (LONG, {"Vary": vary}))
    sample.page("/language", lambda: (LONG, {"Vary": "Accept-Encoding"}))
    assert [sample.is_kept("/vary"), sample.is_kept("/language")] == [False, True]


def test_a_body_that_came_with_the_question_is_not_part_of_it(sample: Sample) -> None:
    sample.page("/seen", seen)
    body = b"title=evil"
    form: dict[str, Any] = {
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
    }
    first = sample.ask("/seen", **form)
    assert "evil" not in first.text
    assert first == sample.ask("/seen")


def test_a_page_reads_its_own_parameters_and_no_other(sample: Sample) -> None:
    sample.page("/seen", seen, known=("page",), free=("q",))
    answer = sample.ask("/seen", "q=b&q=c&utm=1&page=3").text
    assert "'args': {'page': ['3'], 'q': ['b']}" in answer
    assert "'full path': '/seen?page=3&q=b'" in answer


def test_a_page_that_declares_none_reads_none(sample: Sample) -> None:
    sample.page("/seen", seen)
    assert "'args': {}" in sample.ask("/seen", "page=2&q=a").text


def test_a_page_whose_transaction_was_ended_midway_is_not_kept(sample: Sample) -> None:
    def rolled_back() -> str:
        db.session.rollback()
        return titled()

    def committed() -> str:
        text = titled()
        db.session.commit()
        return text

    def begun_again() -> str:
        text = titled()
        db.session.remove()
        return text + titled()

    def written() -> str:
        with write():
            choose("site.tagline", "New")
        return titled()

    views = {"/rolled-back": rolled_back, "/committed": committed, "/begun": begun_again, "/written": written}
    for path, view in views.items():
        sample.page(path, view)
    assert {path: sample.is_kept(path) for path in (*views, "/sample")} == {
        "/rolled-back": False,
        "/committed": False,
        "/begun": False,
        "/written": False,
        "/sample": True,
    }


def test_a_page_that_asks_in_a_savepoint_is_whole(sample: Sample) -> None:
    def nested() -> str:
        with db.session.begin_nested():
            return titled()

    sample.page("/nested", nested)
    assert sample.is_kept("/nested")


def test_a_page_sees_one_state_even_when_others_write_meanwhile(sample: Sample, application: Flask) -> None:
    def interrupted() -> str:
        before = titled()
        g.pop("settings", None)
        _beside(application)
        return before + "|" + titled()

    sample.page("/interrupted", interrupted)
    one, two = sample.ask("/interrupted").text.split("|")
    assert one == two
    assert not sample.is_kept("/interrupted")


def _beside(application: Flask) -> None:
    def rename() -> None:
        with application.app_context(), write():
            choose("site.title", f"{identity.title.get()} and more")

    thread = Thread(target=rename)
    thread.start()
    thread.join(60)


@pytest.mark.parametrize("order", [1, -1])
def test_an_answer_that_looked_at_cookies_is_not_public_in_whichever_line_it_says_so(order: int) -> None:
    said = Said()
    said("200 OK", [("Cache-Control", "public"), *[("Vary", "Cookie"), ("Vary", "Accept-Language")][::order]])
    assert not said.is_public
    said("200 OK", [("Cache-Control", "public"), ("Cache-Control", "no-cache"), ("Vary", "Accept-Language")])
    assert said.is_public
