"""The warmer watches the clock, the file and the database, and goes on whatever happens."""

import datetime as dt
import logging
import sqlite3
from contextlib import closing
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.clock import held_at
from blog.lib.db import db
from blog.lib.edition import CHANGING
from blog.lib.locking import writers_lock
from blog.lib.mapped import MappedWord
from blog.lib.store import slots, warming
from blog.lib.store.keeping import Key
from blog.lib.store.warming import DOUBT, Warmer, keep_warm, request_for
from tests.building import article, save

from .sample import HANGING, HOST, Sample

MOMENT = dt.datetime(2030, 6, 2, 10, tzinfo=dt.UTC)


@pytest.fixture
def warmer(sample: Sample) -> Warmer:
    """Return what looks at the edition of the sample; the test lets it look."""
    made = Warmer(sample.app, sample.store)
    made.look()
    return made


def is_fresh(sample: Sample, key: Key) -> bool:
    return sample.store._fresh(key) is not None


def test_it_turns_with_what_was_scheduled(sample: Sample) -> None:
    with sample.app.app_context():
        save(article("Planned", published_at=MOMENT))
    warmer = Warmer(sample.app, sample.store)
    with held_at(MOMENT - dt.timedelta(seconds=5)):
        warmer.look()
        assert [sample.ask("/sample").status, sample.ask("/sample").status] == [200, 200]
        warmer.look()
        assert sample.made["/sample"] == 1
    with held_at(MOMENT):
        assert not is_fresh(sample, "/sample")
        warmer.look()
        assert (is_fresh(sample, "/sample"), sample.made["/sample"]) == (True, 2)
        warmer.look()
        assert sample.made["/sample"] == 2


def test_where_another_file_lies_in_the_place_of_the_edition_it_is_read_from_now_on(
    sample: Sample, warmer: Warmer
) -> None:
    announcer = sample.app.extensions["edition"]
    before = announcer.word
    announcer._path.unlink()
    warmer.look()
    with sample.app.app_context():
        assert announcer.word.read() == announcer.word_in_database()
    assert (before.is_in_place, announcer.word.is_in_place, MappedWord(announcer._path).read()) == (
        False,
        True,
        announcer.word.read(),
    )


def test_after_the_clock_was_put_back_it_goes_on_looking(sample: Sample, warmer: Warmer) -> None:
    with held_at(MOMENT):
        sample.ask("/sample")
        warmer.look()
    with held_at(MOMENT - dt.timedelta(days=400)):
        sample.ask("/sample")
        sample.ask("/sample")
        sample.rename("New")
        warmer.look()
        assert is_fresh(sample, "/sample")


def write_past(sample: Sample, title: str) -> None:
    """Change the title as another program would, which tells nobody."""
    with closing(sqlite3.connect(sample.app.config["BROADSHEET_DATABASE"], isolation_level=None)) as other:
        other.execute("INSERT OR REPLACE INTO setting VALUES ('site.title', ?)", (f'"{title}"',))


def test_what_another_program_wrote_is_found_within_a_second(sample: Sample, warmer: Warmer) -> None:
    for _ in range(4):
        sample.ask("/sample")
    with held_at(MOMENT):
        warmer.look()
        write_past(sample, "By hand")
    with held_at(MOMENT + dt.timedelta(seconds=DOUBT)):
        warmer.look()
        assert sample.store._announcer.word.read() == word_in_database(sample)
        warmer.look()
        assert is_fresh(sample, "/sample")
        assert sample.ask("/sample").text.startswith("<h1>By hand</h1>")
    assert DOUBT <= 1


def word_in_database(sample: Sample) -> int:
    with sample.app.app_context():
        return sample.announcer.word_in_database()


def test_a_page_that_was_made_after_another_program_wrote_is_not_kept_before_it_is_found(
    sample: Sample,
) -> None:
    sample.ask("/sample")
    write_past(sample, "By hand")
    assert [sample.ask("/other").text.startswith("<h1>By hand</h1>") for _ in range(2)] == [True, True]
    assert sample.made["/other"] == 2


def test_what_a_killed_writer_left_is_put_right_without_a_reader(sample: Sample, warmer: Warmer) -> None:
    word = sample.announcer.word
    right = word.read()
    word.write(right | CHANGING)
    with held_at(MOMENT):
        warmer.look()
    assert word.read() == right


def test_a_writer_who_lives_is_left_alone(sample: Sample, warmer: Warmer) -> None:
    word = sample.announcer.word
    with sample.app.app_context(), writers_lock():
        word.write(word.read() | CHANGING)
        with held_at(MOMENT):
            warmer.look()
        assert word.read() & CHANGING == 1


def test_the_thread_goes_on_after_a_fault_and_says_so(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0.001)
    monkeypatch.setattr(warming, "DOUBT", 0.001)
    looked, faults = Event(), [ZeroDivisionError()]

    class Faulty(Warmer):
        def look(self) -> None:
            if faults:
                raise faults.pop()
            super().look()
            looked.set()

    warmer = Faulty(sample.app, sample.store)
    thread = Thread(target=warmer._watch)
    with caplog.at_level(logging.ERROR):
        thread.start()
        assert looked.wait(HANGING)
        warmer.stop()
        thread.join(HANGING)
    assert not thread.is_alive()
    assert caplog.messages == ["The page store could not be kept warm."]


def test_a_store_that_keeps_warm_makes_hot_pages_anew_by_itself(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warming, "PAUSE", 0.001)
    made = Event()

    def view() -> str:
        if sample.made["/view"] == 2:
            made.set()
        return "page"

    sample.page("/view", view)
    sample.ask("/view")
    sample.ask("/view")
    warmer = keep_warm(sample.app)
    try:
        while not warmer._seen:
            assert not made.wait(0.001)
        sample.rename("New")
        assert made.wait(HANGING)
    finally:
        warmer.stop()
    with sample.app.app_context():
        db.session.remove()


def test_the_warmers_own_request_is_that_of_a_reader_without_wishes() -> None:
    asked = request_for(("/list", "page=2"), HOST)
    assert [asked[name] for name in ("PATH_INFO", "QUERY_STRING", "HTTP_HOST")] == ["/list", "page=2", HOST]
    assert request_for("/a?b", HOST)["QUERY_STRING"] == ""


@given(st.text(st.characters(max_codepoint=255), max_size=60))
def test_a_key_asks_for_itself(query: str) -> None:
    canonical = slots.canonical_query(query, ("page", "q"))
    asked = request_for(("/list", canonical) if canonical else "/list", HOST)
    assert slots.canonical_query(asked["QUERY_STRING"], ("page", "q")) == canonical
