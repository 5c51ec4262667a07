"""Whatever is written in whatever order, no reader sees a state that is older than the last committed one."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import create_app
from blog.content.addressing import rename_article
from blog.content.models import Article
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.edition import CHANGING
from blog.lib.environment import Environment
from blog.redirects.models import Redirect
from blog.settings.declaring import choose
from tests.building import article, category
from tests.conftest import environment_in

from .sample import Told, ask

MOMENT = dt.datetime(2030, 6, 2, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


PATHS = ("/", "/articles", "/articles/one", "/articles/two", "/articles/three", "/articles/one.md", "/feed.xml",
         "/categories/sleep", "/people/ann-example", "/search?q=one", "/sitemap.xml", "/faq", "/nowhere")  # fmt: skip
MINUTES = st.integers(-3, 3)
SLUGS = st.sampled_from(["one", "two", "three"])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), SLUGS, st.none() | MINUTES),
        st.tuples(st.just("rename"), SLUGS, SLUGS),
        st.tuples(st.just("edit"), SLUGS, st.integers(0, 9)),
        st.tuples(st.just("delete"), SLUGS, st.just(0)),
        st.tuples(st.just("clock"), st.just(""), MINUTES),
        st.tuples(st.just("title"), st.just(""), st.integers(0, 3)),
        st.tuples(st.just("take back"), SLUGS, st.just(0)),
        st.tuples(st.just("kill"), st.just(""), st.just(0)),
    ),
    min_size=3,
    max_size=14,
)


class Journal:
    """Two processes with a store and one without, on one database."""

    def __init__(self, environment: Environment) -> None:
        without = type(environment)(**{**vars(environment), "page_store_mb": 0})
        self.apps = [create_app(environment), create_app(environment)]
        self.truth = create_app(without)
        self.at = MOMENT

    def close(self) -> None:
        for app in (*self.apps, self.truth):
            with app.app_context():
                db.engine.dispose()

    def begin(self) -> None:
        """Empty the journal."""
        self.at = MOMENT
        with self.truth.app_context(), write() as session:
            for row in session.query(Article):
                session.delete(row)
            session.query(Redirect).delete()
            choose("site.title", "Broadsheet")

    def step(self, what: str, slug: str, value: object) -> None:
        if what == "clock":
            assert isinstance(value, int)
            self.at += dt.timedelta(minutes=value)
        elif what == "kill":
            word = self.apps[0].extensions["edition"].word
            word.write(word.read() | CHANGING)
        else:
            app = self.apps[len(slug) % 2]
            with app.app_context(), write():
                self.write(what, slug, value)

    def write(self, what: str, slug: str, value: object) -> None:
        if what == "title":
            choose("site.title", f"Title {value}")
            return
        row = db.session.query(Article).filter_by(slug=slug).one_or_none()
        if row is None:
            if what != "publish":
                return
            row = article(slug.title(), slug=slug, published_at=None, category=category(), body="Text.")
            db.session.add(row)
        if what == "publish":
            row.published_at = None if value is None else MOMENT + dt.timedelta(minutes=int(str(value)))
        elif what == "rename":
            if not db.session.query(Article).filter_by(slug=str(value)).count():
                rename_article(row, str(value))
        elif what == "edit":
            row.summary = f"Summary {value}."
        elif what == "delete":
            db.session.delete(row)
        else:
            row.summary = "Nobody sees this."
            db.session.flush()
            db.session.rollback()

    def differences(self) -> list[str]:
        """Return the addresses at which a process shows something else than the database holds."""
        wrong = []
        with held_at(self.at):
            for address in PATHS:
                path, _, query = address.partition("?")
                true = ask(self.truth, path, query)
                for app in self.apps:
                    for encoding in ("", "br"):
                        found = ask(app, path, query, HTTP_ACCEPT_ENCODING=encoding)
                        if shown(found) != shown(true):
                            wrong.append(address)
        return wrong


def shown(answer: Told) -> tuple[int, str | None, str | None, bytes]:
    """Return what an answer shows, whatever it was packed in."""
    body: bytes = brotli.decompress(answer.body) if answer["Content-Encoding"] else answer.body
    return answer.status, answer["Location"], (answer["ETag"] or "").removesuffix('-br"').rstrip('"'), body


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Journal]:
    """Return the processes; each run of the property begins by emptying the journal."""
    folder = tmp_path_factory.mktemp("journal")
    shutil.copy(empty_database, folder / "blog.sqlite3")
    made = Journal(environment_in(folder))
    yield made
    made.close()


@settings(max_examples=10, deadline=None)
@given(STEPS)
def test_whatever_happens_in_whatever_order_every_process_shows_what_is_committed(
    journal: Journal, steps: list[tuple[str, str, object]]
) -> None:
    journal.begin()
    for step in steps:
        journal.step(*step)
        assert (step, journal.differences()) == (step, [])
