"""The store stands in front of the application, with as much room as the team gives it, or none."""

from dataclasses import replace

from flask import Flask

from blog.lib.edition import announce_edition
from blog.lib.store import PageStore, keep_warm
from tests.conftest import Start, environment_in
from tests.journal import PUBLIC, publish_journal

from .sample import Sample, Told, ask


def site_with(
    application: Flask, start: Start, megabytes: int, site_url: str = "https://journal.example.org"
) -> Sample:
    environment = environment_in(application.config["INSTANCE"], site_url)
    sample = Sample(start(replace(environment, page_store_mb=megabytes)))
    sample.page("/sample")
    with sample.app.app_context():
        announce_edition()
    return sample


def comparable(answer: Told) -> Told:
    """Return an answer without the time of day."""
    return replace(answer, headers=[each for each in answer.headers if each[0] != "Date"])


def test_the_outermost_layer_of_the_site_is_the_store(application: Flask) -> None:
    assert isinstance(application.wsgi_app, PageStore)
    assert application.wsgi_app is application.extensions["page_store"]


def test_without_room_nothing_is_kept_and_every_answer_is_the_same(application: Flask, start: Start) -> None:
    with application.app_context():
        publish_journal()
    without = site_with(application, start, 0)
    for address in (*PUBLIC, "/nowhere", "/post/sleep", "/articles/", "/healthz", "/static/favicon.svg"):
        path, _, query = address.partition("?")
        for more in ({"HTTP_ACCEPT_ENCODING": "br"}, {"method": "HEAD"}, {"HTTP_IF_NONE_MATCH": "*"}, {}):
            kept = [comparable(ask(application, path, query, **more)) for _ in range(2)]
            assert [address, *kept] == [address, *[comparable(without.ask(path, query, **more))] * 2]
    without.ask("/sample")
    without.ask("/sample")
    assert (without.made["/sample"], len(without.store._pages), len(without.store._others)) == (2, 0, 0)
    assert without.store._nowhere.get("/nowhere") is None


def test_without_room_nothing_is_warmed_either(application: Flask, start: Start) -> None:
    warmer = keep_warm(site_with(application, start, 0).app)
    assert warmer._seen == 0
    warmer.stop()


def test_a_site_without_an_address_of_its_own_keeps_nothing_and_answers_every_name(
    application: Flask, start: Start
) -> None:
    nameless = site_with(application, start, 32, site_url="")
    names = ("journal.example.org", "127.0.0.1:8000", "evil.example", "", None)
    assert [nameless.ask("/sample", HTTP_HOST=name).status for name in names] == [200] * len(names)
    assert (nameless.made["/sample"], len(nameless.store._pages)) == (len(names), 0)


def test_the_room_is_shared_by_pages_and_by_what_readers_type(application: Flask, start: Start) -> None:
    store = site_with(application, start, 8).store
    assert (store._pages._room, store._others._room) == (7 * 1024 * 1024, 1024 * 1024)


def test_a_site_with_a_port_in_its_address_is_asked_by_it(application: Flask, start: Start) -> None:
    local = site_with(application, start, 1, site_url="http://127.0.0.1:8000")
    assert [local.ask("/sample", HTTP_HOST="127.0.0.1:8000").status for _ in range(2)] == [200, 200]
    assert local.ask("/sample", HTTP_HOST="127.0.0.1").status == 400
    assert local.made["/sample"] == 1


def test_behind_proxies_what_they_report_changes_no_page(application: Flask, start: Start) -> None:
    with application.app_context():
        publish_journal()
    environment = replace(environment_in(application.config["INSTANCE"]), trusted_proxies=1)
    forwarded = {
        "HTTP_X_FORWARDED_FOR": "203.0.113.9",
        "HTTP_X_FORWARDED_PROTO": "gopher",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_FORWARDED_PORT": "81",
        "HTTP_X_FORWARDED_PREFIX": "/evil",
    }
    asks: list[dict[str, str]] = [forwarded, {}]
    for turn in (1, -1):
        behind = start(environment)
        for address in (*PUBLIC, "/nowhere", "/post/sleep"):
            path, _, query = address.partition("?")
            first, second = (ask(behind, path, query, **more) for more in asks[::turn])
            assert (address, first) == (address, second)
            assert b"evil" not in first.body
