"""Readers and writers race each other through two stores; nobody is ever told what is older than the last commit."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event

import pytest
from flask import Flask
from sqlalchemy import text

from blog.lib.db import write
from blog.settings import identity
from blog.settings.declaring import choose
from tests.building import article
from tests.conftest import Start, environment_in

from .sample import HANGING, Sample

COMMITS = 60


@contextmanager
def turns_everywhere() -> Iterator[None]:
    """Let threads take turns in the middle of everything."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@pytest.fixture
def sites(application: Flask, start: Start) -> list[Sample]:
    """Return two processes' worth of applications on one database."""
    made = [Sample(application), Sample(start(environment_in(application.config["INSTANCE"])))]
    for site in made:
        site.page("/number", lambda: identity.title.get())
        site.page("/other", lambda: identity.title.get())
    with application.app_context(), write():
        choose("site.title", "0")
    for site in made:
        site.ask("/number")
    return made


def test_no_reader_sees_a_number_that_is_older_than_the_last_commit(sites: list[Sample]) -> None:
    committed, done = [0], Event()

    def count() -> None:
        for number in range(1, COMMITS + 1):
            site = sites[number % 2]
            with site.app.app_context(), write():
                choose("site.title", str(number))
            committed[0] = number

    def read(site: Sample, path: str) -> list[tuple[int, int, str]]:
        stale = []
        while not done.is_set():
            before = committed[0]
            answer = site.ask(path)
            if answer.status != 200 or int(answer.text) < before:
                stale.append((before, answer.status, answer.text))
        return stale

    with turns_everywhere(), ThreadPoolExecutor(5) as pool:
        reading = [pool.submit(read, site, path) for site in sites for path in ("/number", "/other")]
        try:
            pool.submit(count).result(HANGING)
        finally:
            done.set()
        assert [each.result(HANGING) for each in reading] == [[]] * len(reading)
    assert [site.ask("/number").text for site in sites] == [str(COMMITS)] * 2


class Published:
    """Articles that come one after the other; each goes when the next is there."""

    def __init__(self, sites: list[Sample]) -> None:
        self.sites = sites
        self.there = -1
        self.gone = -1
        self.done = Event()

    def publish(self) -> None:
        for number in range(COMMITS):
            app = self.sites[number % 2].app
            with app.app_context(), write() as session:
                session.add(article(f"Number {number}", slug=f"number-{number}"))
            self.there = number
            with app.app_context(), write() as session:
                session.execute(
                    text("DELETE FROM article WHERE slug = :slug"), {"slug": f"number-{number - 1}"}
                )
            self.gone = number - 1

    def read(self, site: Sample, ahead: int) -> list[tuple[int, int]]:
        """Return what was shown or hidden wrongly until all is done."""
        wrong = []
        while not self.done.is_set():
            number = max(self.there + ahead, 0)
            was_there, was_gone = self.there >= number, self.gone >= number
            status = site.ask(f"/articles/number-{number}").status
            site.ask("/nowhere")  # keeps the memory of unknown addresses in the edition of this moment
            hidden = status == 404 and was_there and self.there == number
            if status not in (200, 404) or hidden or (status == 200 and was_gone):
                wrong.append((number, status))
        return wrong


def test_what_was_published_is_never_unknown_afterwards_and_what_was_withdrawn_never_shown(
    sites: list[Sample],
) -> None:
    published = Published(sites)
    with turns_everywhere(), ThreadPoolExecutor(7) as pool:
        reading = [pool.submit(published.read, site, ahead) for site in sites for ahead in (0, 1, 1)]
        try:
            pool.submit(published.publish).result(HANGING)
        finally:
            published.done.set()
        assert [each.result(HANGING) for each in reading] == [[]] * len(reading)
