"""One door for writes: nothing is lost, nothing is half done, and nobody waits for ever."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError

from blog.lib import db as database
from blog.lib import locking
from blog.lib.db import UtcDateTime, db, fold_log, this_moment, write
from blog.lib.locking import Busy, writers_lock
from blog.newsletter.models import Consent, Subscriber
from blog.settings.models import StoredSetting
from tests.building import save
from tests.subscribers import pending

MOMENT = datetime(2025, 6, 2, 10, tzinfo=UTC)


def value(key: str = "count") -> Any:
    db.session.rollback()
    return db.session.scalar(select(StoredSetting.value).where(StoredSetting.key == key))


def subscriber(asked_at: datetime) -> Subscriber:
    return pending("d@example.org", asked_at=asked_at)


@contextmanager
def beside(app: Flask) -> Iterator[sqlite3.Connection]:
    """Open the file as another program would, without patience."""
    path = app.config["BROADSHEET_DATABASE"]
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("pragma", "expected"),
    [
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("synchronous", 2),
        ("busy_timeout", 5000),
        ("wal_autocheckpoint", 0),
        ("secure_delete", 1),
    ],
)
def test_every_connection_works_the_house_way(app: Flask, pragma: str, expected: object) -> None:
    with db.engine.connect() as one, db.engine.connect() as other:
        found = [each.exec_driver_sql(f"PRAGMA {pragma}").scalar_one() for each in (one, other)]
    assert found == [expected, expected]


def test_a_row_without_its_parent_is_refused(app: Flask) -> None:
    proof = Consent(subscriber_id=7, address="", hash="", at=MOMENT)
    with pytest.raises(IntegrityError):
        save(proof)


def test_what_is_written_is_there_for_others_at_once(app: Flask) -> None:
    save(StoredSetting(key="count", value=1))
    with beside(app) as other:
        assert other.execute("SELECT value FROM setting").fetchall() == [(1,)]


def test_an_error_takes_back_all_that_was_written(app: Flask) -> None:
    def fail() -> None:
        with write() as session:
            session.add(StoredSetting(key="count", value=1))
            session.flush()
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    assert value() is None


def test_after_an_error_the_door_is_open_again(app: Flask) -> None:
    with pytest.raises(IntegrityError):
        save(StoredSetting(key="count", value=1), StoredSetting(key="count", value=2))
    save(StoredSetting(key="count", value=3))
    assert value() == 3


def test_a_verb_inside_must_not_open_the_door_again(app: Flask) -> None:
    def nested() -> None:
        with write() as session:
            session.add(StoredSetting(key="count", value=1))
            save(StoredSetting(key="other", value=1))

    with pytest.raises(RuntimeError, match="must not open it again"):
        nested()
    assert value() is None


def test_a_writer_reads_afresh(app: Flask) -> None:
    save(StoredSetting(key="count", value=1))
    row = db.session.get_one(StoredSetting, "count")
    assert row.value == 1
    with beside(app) as other:
        other.execute("UPDATE setting SET value = '5'")
    with write():
        row.value += 1
    assert value() == 6


def test_a_write_holds_the_database_from_its_first_line(app: Flask) -> None:
    with beside(app) as other, write(), pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")


def test_reading_holds_nobody_up(app: Flask) -> None:
    assert value() is None
    with beside(app) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO setting VALUES ('count', '1')")
        other.execute("COMMIT")
    assert value() == 1


def test_whoever_waits_too_long_is_told_so_and_changes_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.0)
    with writers_lock(), pytest.raises(Busy) as refused:
        save(StoredSetting(key="count", value=1))
    assert str(refused.value) == "The database is busy; nothing was changed. Please try again in a minute."
    assert value() is None


def test_whoever_waits_gets_the_next_turn(app: Flask) -> None:
    def later() -> None:
        with app.app_context():
            save(StoredSetting(key="count", value=1))

    waiting = Thread(target=later)
    with writers_lock():
        waiting.start()
        assert value() is None
    waiting.join(timeout=30)
    assert value() == 1


def log_size(app: Flask) -> int:
    return Path(f"{app.config['BROADSHEET_DATABASE']}-wal").stat().st_size


def test_a_short_log_is_left_alone(app: Flask) -> None:
    save(StoredSetting(key="count", value=1))
    assert log_size(app) > 0


def test_a_long_log_is_folded_by_whoever_wrote_last(app: Flask) -> None:
    save(StoredSetting(key="count", value="x" * database.CHECKPOINT_BYTES))
    assert log_size(app) == 0
    assert len(value()) == database.CHECKPOINT_BYTES


def test_a_reader_in_the_way_of_folding_costs_nothing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "CHECKPOINT_BYTES", 0)
    with beside(app) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT * FROM setting").fetchall() == []
        save(StoredSetting(key="count", value=1))
        assert log_size(app) > 0
        assert reader.execute("SELECT * FROM setting").fetchall() == []
    save(StoredSetting(key="other", value=1))
    assert log_size(app) == 0


def test_folding_leaves_the_connection_as_patient_as_it_was(app: Flask) -> None:
    with writers_lock():
        fold_log()
    with db.engine.connect() as one, db.engine.connect() as other:
        found = [each.exec_driver_sql("PRAGMA busy_timeout").scalar_one() for each in (one, other)]
    assert found == [5000, 5000]


def test_a_moment_without_a_zone_is_refused(app: Flask) -> None:
    with pytest.raises(StatementError, match="A moment without a time zone cannot be stored"):
        save(subscriber(datetime(2025, 6, 2, 10)))


def test_a_moment_comes_back_aware_and_in_utc(app: Flask) -> None:
    save(subscriber(datetime(2025, 6, 2, 12, 0, 0, 7, tzinfo=timezone(timedelta(hours=2)))))
    db.session.rollback()
    kept = db.session.query(Subscriber).one().asked_at
    assert (kept, kept.tzinfo) == (MOMENT.replace(microsecond=7), UTC)


def test_moments_are_kept_at_one_width_so_that_text_sorts_as_time(app: Flask) -> None:
    written = [UtcDateTime().process_bind_param(at, db.engine.dialect) for at in (MOMENT, None)]
    assert written == ["2025-06-02T10:00:00.000000", None]


def test_the_present_moment_is_asked_each_time_a_statement_runs(app: Flask) -> None:
    statement = select(this_moment())
    first, second = (db.session.scalar(statement) for _ in range(2))
    assert first is not None
    assert second is not None
    assert first < second
