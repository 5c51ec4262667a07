"""What is remembered for an edition is never told in another, nor to anybody but readers of public pages."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, current_app, g

from blog.lib import edition
from blog.lib.answering import public_blueprint
from blog.lib.clock import held_at
from blog.lib.db import db
from blog.lib.edition import announcer, per_edition
from blog.settings import identity
from tests.building import article, save
from tests.conftest import Start, environment_in
from tests.lib.store.sample import Sample

MOMENT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)


class Asked:
    """A function that is remembered, and how often it was really called, with what."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

        @per_edition
        def title(*given: object, **named: object) -> str:
            self.calls.append((*given, *named.items()))
            return f"{identity.title.get()} of {current_app.config['SITE_URL']}"

        self.title = title


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def site(application: Flask, asked: Asked) -> Sample:
    """Return a site whose page is never kept, so that its function is asked each time."""
    sample = Sample(application)
    sample.page("/title", lambda: (asked.title("a"), {"Cache-Control": "no-store"}))
    sample.page("/named", lambda: (asked.title("a", size=2, kind="x"), {"Cache-Control": "no-store"}))
    sample.page("/named-anew", lambda: (asked.title("a", kind="x", size=2), {"Cache-Control": "no-store"}))
    return sample


def test_it_is_asked_once_for_an_edition_and_for_each_argument(site: Sample, asked: Asked) -> None:
    answers = {site.ask(path).text for path in ("/title", "/title", "/named", "/named-anew", "/title")}
    assert answers == {"Broadsheet of https://journal.example.org"}
    assert asked.calls == [("a",), ("a", ("size", 2), ("kind", "x"))]


def test_another_edition_asks_anew(site: Sample, asked: Asked) -> None:
    site.ask("/title")
    site.rename("Another")
    assert [site.ask("/title").text for _ in range(2)] == ["Another of https://journal.example.org"] * 2
    assert len(asked.calls) == 2


def test_what_readers_do_not_see_is_no_reason_to_ask_anew(site: Sample, asked: Asked) -> None:
    site.ask("/title")
    assert site.ask("/newsletter/signup", method="POST").status == 422
    site.ask("/title")
    assert len(asked.calls) == 1


def test_a_turn_asks_anew_and_so_does_a_clock_that_was_put_back(site: Sample, asked: Asked) -> None:
    with site.app.app_context():
        save(article(published_at=MOMENT))
    times = []
    for seconds in (-2, -1, 0, 1, -1, -3):
        with held_at(MOMENT + timedelta(seconds=seconds)):
            site.ask("/title")
        times.append(len(asked.calls))
    assert times == [1, 1, 2, 2, 3, 4]


def test_outside_a_readers_request_nothing_is_remembered(site: Sample, asked: Asked) -> None:
    site.ask("/title")
    for _ in range(3):
        with site.app.app_context():
            asked.title("a")
    assert len(asked.calls) == 4


def test_a_post_asks_each_time(application: Flask, asked: Asked) -> None:
    pages = public_blueprint("post", __name__)
    pages.add_url_rule("/post", view_func=lambda: asked.title("a"), methods=["GET", "POST"], endpoint="post")
    application.register_blueprint(pages)
    site = Sample(application)
    site._open = False
    for method in ("GET", "POST", "POST", "PUT"):
        site.ask("/post", method=method)
    assert len(asked.calls) == 3


def test_applications_do_not_share_what_they_remember(site: Sample, asked: Asked, start: Start) -> None:
    site.ask("/title")
    other = Sample(start(environment_in(site.app.config["INSTANCE"], "https://other.example.org")))
    other.page("/title", lambda: asked.title("a"))
    found = other.ask("/title", HTTP_HOST="other.example.org").text
    assert found == "Broadsheet of https://other.example.org"
    assert len(asked.calls) == 2


def test_what_is_remembered_is_bounded(
    application: Flask, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "_MOST_REMEMBERED", 10)
    sizes: list[int] = []

    def many() -> str:
        for number in range(25):
            asked.title(number)
            sizes.append(len(announcer().remembered))
        return "done"

    site = Sample(application)
    site.page("/many", many)
    assert site.ask("/many").text == "done"
    assert (max(sizes), len(asked.calls)) == (10, 25)


def test_a_fault_is_not_remembered(application: Flask) -> None:
    tries: list[int] = []

    @per_edition
    def fails_once() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        return "well"

    site = Sample(application)
    site.page("/fails", fails_once)
    assert [site.ask("/fails").status, site.ask("/fails").text] == [500, "well"]


def test_none_and_empty_values_are_remembered_too(application: Flask) -> None:
    calls: list[object] = []

    @per_edition
    def empty(value: object) -> object:
        calls.append(value)
        return value

    site = Sample(application)
    site.page("/empty", lambda: (f"{empty(None)} {empty(())}", {"Cache-Control": "no-store"}))
    assert [site.ask("/empty").text for _ in range(3)] == ["None ()"] * 3
    assert calls == [None, ()]


def test_it_keeps_its_name_and_its_words(app: Flask) -> None:
    assert per_edition(identity.publisher_name).__name__ == "publisher_name"
    assert per_edition(identity.publisher_name).__doc__ == identity.publisher_name.__doc__
    assert "reading" not in g
    db.session.remove()
