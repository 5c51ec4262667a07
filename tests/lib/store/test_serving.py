"""What is kept for the next reader, and what never is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask, Response, abort, make_response, redirect, send_file, session
from sqlalchemy import event, text

from blog.content.addressing import rename_article
from blog.content.models import Article
from blog.lib.db import db, write
from blog.redirects.moving import add_old_addresses
from tests.building import FUTURE, article, save
from tests.conftest import Start, environment_in
from tests.journal import PUBLIC, publish_journal

from .sample import HOST, LONG, Sample, Told, ask, titled

PUBLICLY = {"Cache-Control": "public, no-cache"}


def with_cookie() -> Response:
    response = make_response(LONG)
    response.set_cookie("seen", "1")
    return response


def with_session() -> str:
    session["seen"] = 1
    return LONG


VIEWS: dict[str, tuple[Callable[[], Any], int, bool]] = {
    "a page": (titled, 200, True),
    "an old address": (lambda: redirect("/sample", 301), 301, False),
    "an old address that says so": (lambda: (LONG, 301, {"Location": "/sample", **PUBLICLY}), 301, True),
    "a detour": (lambda: (LONG, 302, {"Location": "/sample", **PUBLICLY}), 302, False),
    "a lasting detour": (lambda: (LONG, 308, {"Location": "/sample", **PUBLICLY}), 308, False),
    "nothing": (lambda: abort(404), 404, True),
    "withdrawn": (lambda: abort(410), 410, True),
    "refused": (lambda: (LONG, 403, PUBLICLY), 403, False),
    "too often": (lambda: (LONG, 429, PUBLICLY), 429, False),
    "a fault": (lambda: 1 / 0, 500, False),
    "a fault that claims to be public": (lambda: (LONG, 500, PUBLICLY), 500, False),
    "busy": (lambda: (LONG, 503, PUBLICLY), 503, False),
    "created": (lambda: (LONG, 201, PUBLICLY), 201, False),
    "no content": (lambda: ("", 204, PUBLICLY), 204, False),
    "a part": (lambda: (LONG, 206, PUBLICLY), 206, False),
    "private": (lambda: (LONG, {"Cache-Control": "private"}), 200, False),
    "no store": (lambda: (LONG, {"Cache-Control": "no-store"}), 200, False),
    "public but not stored": (lambda: (LONG, {"Cache-Control": "public, no-store"}), 200, False),
    "for a minute": (lambda: (LONG, {"Cache-Control": "max-age=60"}), 200, False),
    "a cookie": (with_cookie, 200, False),
    "a session": (with_session, 200, False),
    "streamed": (lambda: Response(iter([LONG, LONG])), 200, False),
    "a file": (lambda: send_file(__file__, mimetype="text/plain"), 200, False),
    "empty": (lambda: "", 200, True),
    "a picture": (lambda: Response(b"\x00" * 900, mimetype="image/png"), 200, True),
}


@pytest.mark.parametrize("name", VIEWS)
def test_only_a_public_whole_answer_is_kept(sample: Sample, name: str) -> None:
    view, status, kept = VIEWS[name]
    sample.page("/view", view)
    first, again = sample.ask("/view"), sample.ask("/view")
    assert (first.status, again) == (status, first)
    assert sample.made["/view"] == (1 if kept else 2)


def test_pages_old_addresses_searches_and_unknown_addresses_are_kept_side_by_side(sample: Sample) -> None:
    sample.page("/old", VIEWS["an old address that says so"][0])
    sample.page("/find", titled, free=("q",))
    sample.page("/nothing", VIEWS["nothing"][0])
    sample.page("/withdrawn", VIEWS["withdrawn"][0])
    paths = ("/sample", "/other", "/old", "/find", "/nothing", "/withdrawn")
    first = [sample.ask(path, "q=a") for path in paths]
    assert [sample.ask(path, "q=a") for path in paths * 3] == first * 3
    assert sample.made == dict.fromkeys(paths, 1)
    store = sample.store
    assert [len(store._pages), len(store._others), store._nowhere.get("/nothing") is not None] == [3, 2, True]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", ""])
def test_only_get_and_head_are_answered_from_what_is_kept(sample: Sample, method: str) -> None:
    page = sample.ask("/sample")
    answer = sample.ask("/sample", method=method)
    assert answer.body != page.body
    assert answer.status == (200 if method == "OPTIONS" else 405)
    assert sample.ask("/sample") == page


def test_a_head_request_keeps_the_whole_page_for_whoever_reads_it(sample: Sample) -> None:
    head = sample.ask("/sample", method="HEAD")
    page = sample.ask("/sample")
    assert (head.body, head.headers, sample.made["/sample"]) == (b"", page.headers, 1)
    assert page.text.startswith("<h1>Broadsheet</h1>")
    assert sample.ask("/sample", method="HEAD") == head


@pytest.mark.parametrize("encoding", ["", "gzip", "br"])
@pytest.mark.parametrize("path", ["/sample", "/nowhere"])
def test_the_first_answer_and_the_later_ones_are_the_same(sample: Sample, path: str, encoding: str) -> None:
    first, *later = [sample.ask(path, HTTP_ACCEPT_ENCODING=encoding) for _ in range(3)]
    assert later == [first, first]


def test_an_answer_in_one_form_does_not_stand_in_for_another(sample: Sample) -> None:
    answers = [sample.ask("/sample", HTTP_ACCEPT_ENCODING=each) for each in ("br", "", "gzip", "br", "")]
    assert [answer["Content-Encoding"] for answer in answers] == ["br", None, "gzip", "br", None]
    assert answers[0] == answers[3]
    assert answers[1] == answers[4]
    assert sample.made["/sample"] == 1


def test_whoever_has_the_page_already_is_told_so_by_the_first_answer_too(sample: Sample) -> None:
    tag = sample.ask("/sample")["ETag"]
    sample.rename()
    sample.rename("Broadsheet")
    first, again = (sample.ask("/sample", HTTP_IF_NONE_MATCH=tag) for _ in range(2))
    assert (first.status, first) == (304, again)
    assert sample.made["/sample"] == 2


HOSTS = [
    (HOST.upper(), 200),
    ("Journal.Example.Org", 200),
    (f"{HOST}:443", 200),
    (f"{HOST}.", 400),
    (f"{HOST}:80", 400),
    (f"{HOST}:8000", 400),
    ("evil.example", 400),
    (f"{HOST}.evil.example", 400),
    (f"{HOST}@evil.example", 400),
    (f"{HOST},evil.example", 400),
    (f"{HOST}/x", 400),
    ("127.0.0.1:8000", 400),
    ("", 400),
    (None, 400),
]


@pytest.mark.parametrize(("host", "status"), HOSTS)
def test_the_host_is_looked_at_before_what_is_kept(sample: Sample, host: str | None, status: int) -> None:
    strange = [sample.ask(path, HTTP_HOST=host) for path in ("/sample", "/sample", "/nowhere")]
    assert [answer.status for answer in strange] == ([200, 200, 404] if status == 200 else [400] * 3)
    page = sample.ask("/sample")
    assert page.status == 200
    assert sample.ask("/sample") == page
    assert [sample.ask("/sample", HTTP_HOST=host).status, sample.ask("/sample")] == [status, page]
    if status == 200:
        assert strange[:2] == [page, page]


def test_a_scheduled_article_and_a_draft_stay_unknown_in_what_is_kept(sample: Sample) -> None:
    with sample.app.app_context():
        save(article("Draft", published_at=None), article("Planned", published_at=FUTURE))
    unknown = sample.ask("/nowhere")
    for _ in range(2):
        assert [sample.ask(f"/articles/{name}") for name in ("draft", "planned")] == [unknown, unknown]


def test_what_is_kept_for_an_address_is_found_again_when_it_became_something_else(sample: Sample) -> None:
    """A page that moved, or is gone, must not be shadowed by what once was kept for its address."""
    app = sample.app
    with app.app_context():
        save(article("Sleep"), article("Other"))
    assert [ask(app, "/articles/sleep").status for _ in range(2)] == [200, 200]
    with app.app_context(), write() as session:
        rename_article(session.query(Article).filter_by(slug="sleep").one(), "rest")
    assert [ask(app, "/articles/sleep").status for _ in range(2)] == [301, 301]
    assert _answers_without_the_application(app, "/articles/sleep", 301)
    with app.app_context(), write() as session:
        session.execute(text("UPDATE article SET published_at = NULL"))
    assert [ask(app, "/articles/sleep").status for _ in range(2)] == [404, 404]
    assert _answers_without_the_application(app, "/articles/sleep", 404)
    assert [ask(app, "/articles/other").status for _ in range(2)] == [404, 404]
    assert _answers_without_the_application(app, "/articles/other", 404)


def _answers_without_the_application(app: Flask, path: str, status: int) -> bool:
    """Tell whether the store answers without asking the database."""
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(connection: object) -> None:
        asked.append("begun")

    event.listen(engine, "begin", note)
    try:
        assert ask(app, path).status == status
    finally:
        event.remove(engine, "begin", note)
    return asked == []


def test_every_public_address_is_kept_and_the_same_with_and_without_the_store(
    application: Flask, start: Start
) -> None:
    with application.app_context():
        publish_journal()
    environment = environment_in(application.config["INSTANCE"])
    without = start(type(environment)(**{**vars(environment), "page_store_mb": 0}))
    for address in (
        *PUBLIC,
        "/nowhere",
        "/post/sleep",
        "/media/sleep.png",
        "/static/favicon.svg",
        "/healthz",
    ):
        path, _, query = address.partition("?")
        for encoding in ("", "gzip", "br"):
            more = {"HTTP_ACCEPT_ENCODING": encoding}
            answers = [
                comparable(ask(app, path, query, **more)) for app in (application, application, without)
            ]
            assert (address, *answers[1:]) == (address, answers[0], answers[0])
            if address in PUBLIC:
                assert _answers_without_the_application(application, path, 200) or query


def comparable(answer: Told) -> Told:
    """Return an answer without the time of day."""
    return replace(answer, headers=sorted(each for each in answer.headers if each[0] != "Date"))


def test_an_old_address_is_kept_and_its_target_is_looked_up_once(sample: Sample) -> None:
    app = sample.app
    with app.app_context():
        save(article("Sleep"))
        with write():
            add_old_addresses("/articles/sleep", ["/old"])
    assert [ask(app, "/old")["Location"] for _ in range(2)] == ["/articles/sleep"] * 2
    assert _answers_without_the_application(app, "/old", 301)
    with app.app_context(), write() as session:
        rename_article(session.query(Article).filter_by(slug="sleep").one(), "rest")
    assert ask(app, "/old")["Location"] == "/articles/rest"
