"""No reader ever sees a state that is older than the last committed one, nor one that is yet to come."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from blog.lib.db import write
from blog.lib.edition import CHANGING, announce_edition, draw_new_epoch
from blog.lib.locking import writers_lock
from blog.settings.declaring import choose
from tests.conftest import Start, environment_in

from .sample import HANGING, Sample, Told, ask, titled

MOMENT = dt.datetime(2030, 6, 2, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


def test_after_a_commit_no_process_shows_the_old_page(sample: Sample, start: Start) -> None:
    other = start(environment_in(sample.app.config["INSTANCE"]))
    for number in range(5):
        assert [ask(app, "/").status for app in (sample.app, other) for _ in range(2)] == [200] * 4
        title = f"Title number {number}"
        with (other if number % 2 else sample.app).app_context(), write():
            choose("site.title", title)
        assert [title in ask(app, "/").text for app in (sample.app, other)] == [True, True]


def test_while_nothing_changes_nothing_is_made(sample: Sample) -> None:
    first = sample.ask("/sample")
    sample.ask("/newsletter/signup", method="POST")
    with sample.app.app_context():
        announce_edition()
    assert ([sample.ask("/sample") for _ in range(5)], sample.made["/sample"]) == ([first] * 5, 1)


def test_a_new_epoch_makes_everything_anew(sample: Sample) -> None:
    sample.ask("/sample")
    sample.ask("/nowhere")
    with sample.app.app_context():
        draw_new_epoch()
    sample.ask("/sample")
    assert sample.made["/sample"] == 2
    assert sample.store._nowhere.get("/nowhere") is None or not sample.store._fresh("/nowhere")


def test_an_older_database_in_the_same_place_with_a_new_epoch_is_shown_at_once(sample: Sample) -> None:
    app = sample.app
    database = Path(app.config["BROADSHEET_DATABASE"])
    copy = database.with_name("older.sqlite3")
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    sample.rename("Newer")
    assert sample.ask("/sample").text.startswith("<h1>Newer</h1>")
    with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(database)) as target:
        source.backup(target)
    with app.app_context():
        draw_new_epoch()
    assert sample.ask("/sample").text.startswith("<h1>Broadsheet</h1>")


def test_an_answer_made_before_a_commit_and_finished_after_it_is_not_kept(sample: Sample) -> None:
    entered, let_go = Event(), Event()

    def slow() -> str:
        text = titled()
        entered.set()
        assert let_go.wait(HANGING)
        return text

    sample.page("/slow", slow)
    found: list[Told] = []
    reader = Thread(target=lambda: found.append(sample.ask("/slow")))
    reader.start()
    assert entered.wait(HANGING)
    sample.rename("New")
    let_go.set()
    reader.join(HANGING)
    assert found[0].text.startswith("<h1>Broadsheet</h1>")
    assert [sample.ask("/slow").text.startswith("<h1>New</h1>") for _ in range(2)] == [True, True]
    assert sample.made["/slow"] == 2


def test_while_the_word_says_changing_the_database_is_asked_and_what_is_true_goes_on(sample: Sample) -> None:
    first = sample.ask("/sample")
    with sample.app.app_context(), writers_lock():
        sample.announcer.word.write(sample.announcer.word.read() | CHANGING)
        assert [sample.ask("/sample") for _ in range(3)] == [first] * 3
        assert (sample.made["/sample"], sample.is_kept("/other")) == (1, False)


def test_a_word_that_is_no_ones_keeps_nothing_and_shows_the_truth(sample: Sample) -> None:
    first = sample.ask("/sample")
    for word in (0, 2**64 - 2, sample.announcer.word.read() + 2):
        sample.announcer.word.write(word)
        assert [sample.ask("/sample") for _ in range(2)] == [first] * 2
        assert not sample.is_kept("/sample")


@pytest.mark.parametrize("damage", ["DROP TABLE edition", "DROP TABLE setting"])
def test_where_the_database_cannot_be_asked_readers_get_a_page_that_says_so(
    sample: Sample, damage: str
) -> None:
    sample.ask("/sample")
    sample.announcer.word.write(sample.announcer.word.read() | CHANGING)
    with closing(sqlite3.connect(sample.app.config["BROADSHEET_DATABASE"])) as connection:
        connection.execute(damage)
    answers = [sample.ask(path) for path in ("/other", "/sample")]
    assert answers[0].status == 500
    assert answers[1].status in (200, 500)
    assert sample.ask("/newsletter/signup", method="POST").status == 500
