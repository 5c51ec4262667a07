"""The edition is one number, and every process knows it the moment a commit is done."""

from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from blog.lib.clock import held_at, timestamp
from blog.lib.db import db, write
from blog.lib.edition import (
    CHANGING,
    Edition,
    Reading,
    announce_edition,
    announcer,
    draw_new_epoch,
    say_changing,
)
from blog.lib.locking import writers_lock
from blog.settings.models import StoredSetting
from tests.building import FUTURE, article, person, save
from tests.conftest import Start, environment_in
from tests.lib.test_triggers import beside

MOMENT = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
HANGING = 60


@pytest.fixture(autouse=True)
def _started(app: Flask) -> None:
    """Begin as a server does: with the word of the database."""
    announce_edition()


def number() -> int:
    db.session.rollback()
    return db.session.execute(select(Edition.number)).scalar_one()


def word() -> int:
    return announcer().word.read()


def fail_inside(*rows: object) -> None:
    with write() as session:
        session.add_all(rows)
        session.flush()
        raise RuntimeError("the power goes")


def test_a_commit_announces_the_number_that_it_made(app: Flask) -> None:
    save(StoredSetting(key="site.title", value="One"))
    first = word()
    save(person())
    row = db.session.execute(select(Edition.epoch, Edition.number)).one()
    assert word() == row.epoch * 2**32 + row.number * 2
    assert word() > first
    assert word() & CHANGING == 0


def test_the_word_says_changing_while_a_writer_commits_and_not_before(app: Flask) -> None:
    before, seen = word(), []
    with write() as session:
        session.add(StoredSetting(key="count", value=1))
        session.flush()
        seen.append(word())
        with announcer().announced():
            seen.append(word())
    assert seen == [before, before | CHANGING]
    assert word() > before | CHANGING


def test_what_is_taken_back_leaves_the_word(app: Flask) -> None:
    before, written = word(), number()
    with pytest.raises(RuntimeError, match="the power goes"):
        fail_inside(StoredSetting(key="count", value=1))
    with pytest.raises(IntegrityError):
        save(StoredSetting(key="count", value=1), StoredSetting(key="count", value=2))
    assert (word(), number()) == (before, written)


def test_the_number_of_what_was_taken_back_is_given_again_but_nobody_ever_saw_it(app: Flask) -> None:
    before = word()
    with write() as session:
        session.add(StoredSetting(key="count", value=1))
        session.flush()
        taken_back = announcer().word_in_database()
        assert word() == before
        session.rollback()
    assert word() == before
    save(StoredSetting(key="count", value=2))
    assert word() == taken_back


def orphan(*rows: object) -> None:
    """Write a child without its parent, which is found out by the commit itself."""
    with write() as session:
        session.add_all(rows)
        session.execute(text("INSERT INTO child VALUES (7)"))


def test_a_commit_that_fails_leaves_the_word_changing_until_somebody_puts_it_right(app: Flask) -> None:
    before = word()
    with beside(app) as other:
        other.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        other.execute("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(IntegrityError):
        orphan(StoredSetting(key="count", value=1))
    assert word() == before | CHANGING
    announcer().put_right()
    assert word() == before


def test_a_start_puts_a_wrong_word_right(app: Flask) -> None:
    right = word()
    for wrong in (0, right | CHANGING, right + 2, 2**64 - 1):
        announcer().word.write(wrong)
        announce_edition()
        assert word() == right


def test_whoever_writes_what_readers_do_not_see_puts_a_wrong_word_right_on_the_way(app: Flask) -> None:
    right = word()
    announcer().word.write(right | CHANGING)
    with write() as session:
        session.execute(text("DELETE FROM tries"))
    assert word() == right


def test_a_new_epoch_is_another_word_for_the_same_number(app: Flask) -> None:
    save(person())
    before, same = word(), number()
    draw_new_epoch()
    assert (number(), word() % 2**32, word() != before) == (same, same * 2, True)
    assert word() == announcer().word_in_database()


def test_the_largest_epoch_and_number_fit_the_word(app: Flask) -> None:
    with write() as session:
        session.execute(update(Edition).values(epoch=2**31 - 1, number=2**31 - 1))
    assert word() == 2**63 - 2**32 + 2**32 - 2


def test_nothing_is_put_right_while_a_writer_is_at_work(app: Flask) -> None:
    with write() as session:
        session.add(StoredSetting(key="count", value=1))
        session.flush()
        announcer().word.write(word() | CHANGING)
        changing = word()
        beside_the_writer(app)
        assert word() == changing
    assert word() == announcer().word_in_database()


def beside_the_writer(app: Flask) -> None:
    """Try to put the word right from another thread, as a reader would."""
    done = Event()

    def try_it() -> None:
        with app.app_context():
            announcer().put_right()
        done.set()

    Thread(target=try_it).start()
    assert done.wait(HANGING)


def test_a_migration_lets_everybody_ask_the_database(app: Flask) -> None:
    before = word()
    with writers_lock():
        say_changing()
        say_changing()
    assert word() == before | CHANGING


def test_two_applications_on_one_file_know_the_same_word(app: Flask, start: Start) -> None:
    other = start(environment_in(app.config["INSTANCE"]))
    save(person())
    assert other.extensions["edition"].word.read() == word()
    with other.app_context():
        save(StoredSetting(key="count", value=1))
    assert other.extensions["edition"].word.read() == word() == announcer().word_in_database()


def test_the_file_lies_beside_the_database_and_only_its_owner_reads_it(app: Flask) -> None:
    path = app.config["BROADSHEET_DATABASE"].with_name("blog.sqlite3-edition")
    save(person())
    assert path.read_bytes()[:8] == word().to_bytes(8, "little")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_reading_holds_in_its_edition_from_its_moment_until_its_turn() -> None:
    moment = MOMENT.timestamp()
    reading = Reading(8, moment, moment + 60)
    found = []
    for seconds in (-1, 0, 59.9, 60):
        with held_at(MOMENT + timedelta(seconds=seconds)):
            found.append((reading.holds(8), reading.holds(10)))
    assert found == [(False, False), (True, False), (True, False), (False, False)]


def test_a_reading_says_when_the_next_thing_turns_and_is_asked_once_for_an_edition(app: Flask) -> None:
    with held_at(MOMENT):
        reading = announcer().reading()
        assert reading == Reading(word(), timestamp(), datetime(2030, 1, 3, tzinfo=UTC).timestamp())
        db.session.rollback()
    with held_at(MOMENT + timedelta(hours=1)):
        assert announcer().reading() is reading
        save(article(published_at=MOMENT + timedelta(hours=2)))
        turn = (MOMENT + timedelta(hours=2)).timestamp()
        assert announcer().reading() == Reading(word(), timestamp(), turn)
    with held_at(MOMENT + timedelta(hours=2)):
        assert announcer().reading().until == datetime(2030, 1, 3, tzinfo=UTC).timestamp()


def test_after_the_clock_was_put_back_the_turn_is_asked_for_anew(app: Flask) -> None:
    save(article(published_at=MOMENT))
    with held_at(MOMENT):
        announcer().reading()
    with held_at(MOMENT - timedelta(seconds=1)):
        assert announcer().reading().until == MOMENT.timestamp()


def test_what_is_scheduled_in_the_far_future_turns_nothing_before_midnight(app: Flask) -> None:
    save(article(published_at=FUTURE))
    with held_at(MOMENT):
        assert announcer().reading().until == datetime(2030, 1, 3, tzinfo=UTC).timestamp()


def test_where_the_database_has_no_edition_yet_the_question_fails_loudly(app: Flask) -> None:
    with beside(app) as other:
        other.execute("DROP TABLE edition")
    with pytest.raises(OperationalError, match="no such table"):
        save(StoredSetting(key="count", value=1))
