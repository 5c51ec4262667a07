"""Each chore is done once in its interval, by whichever worker comes first; a failure is written down."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.worker.chores import Recurring
from blog.worker.models import Chore
from blog.worker.running import LONGEST_NAP, claim, do_what_is_due

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def counting(done: list[str], name: str = "count") -> Recurring:
    return Recurring(name, HOUR, lambda: done.append(name))


def row(name: str = "count") -> Chore:
    found = db.session.get(Chore, name, populate_existing=True)
    assert found is not None
    return found


def test_a_chore_is_done_at_the_first_start_and_then_once_an_interval(app: Flask) -> None:
    done: list[str] = []
    chores = [counting(done)]
    pauses = []
    for minutes in (0, 1, 59, 60, 61):
        with held_at(NOON + timedelta(minutes=minutes)):
            pauses.append(do_what_is_due(chores))
    assert done == ["count", "count"]
    assert pauses == [LONGEST_NAP] * 5
    assert (row().last_run_at, row().next_run_at) == (NOON + HOUR, NOON + 2 * HOUR)
    assert (row().missed_runs, row().problem) == (0, "")


def test_the_worker_naps_until_the_next_chore(app: Flask) -> None:
    with held_at(NOON):
        do_what_is_due([counting([])])
    with held_at(NOON + HOUR - timedelta(seconds=7)):
        assert do_what_is_due([counting([])]) == 7


def test_times_that_passed_while_no_worker_was_there_are_counted(app: Flask) -> None:
    done: list[str] = []
    for moment in (NOON, NOON + 3.5 * HOUR, NOON + 4.5 * HOUR):
        with held_at(moment):
            do_what_is_due([counting(done)])
    assert done == ["count"] * 3
    assert (row().missed_runs, row().next_run_at) == (2, NOON + 5.5 * HOUR)


def test_a_next_time_that_a_wrong_clock_planned_is_not_waited_for(app: Flask) -> None:
    done: list[str] = []
    for moment in (NOON + timedelta(days=400), NOON):
        with held_at(moment):
            do_what_is_due([counting(done)])
    assert done == ["count"] * 2
    assert (row().missed_runs, row().next_run_at) == (0, NOON + HOUR)


def test_a_chore_that_fails_is_written_down_and_tried_again_at_its_next_time(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def fail() -> None:
        with write():
            db.session.add(Chore(name="never kept", next_run_at=NOON))
            db.session.flush()
            raise ValueError("no more paper\nand no ink")

    def refuse() -> None:
        raise Refused("The disk is full.")

    chores = [Recurring("fail", HOUR, fail), Recurring("refuse", HOUR, refuse), counting(done)]
    with held_at(NOON):
        do_what_is_due(chores)
    assert done == ["count"]
    assert (row("fail").problem, row("refuse").problem) == ("ValueError: no more paper", "The disk is full.")
    assert db.session.get(Chore, "never kept") is None
    assert caplog.messages == [
        "The chore “fail” failed: ValueError: no more paper",
        "The chore “refuse” failed: The disk is full.",
    ]
    mended = Recurring("fail", HOUR, lambda: done.append("mended"))
    with held_at(NOON + HOUR):
        do_what_is_due([mended])
    assert done == ["count", "mended"]
    assert row("fail").problem == ""


def test_a_folder_that_cannot_be_written_lets_the_chores_wait(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    lock = Path(f"{app.config['BROADSHEET_DATABASE']}.lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    done: list[str] = []
    assert do_what_is_due([counting(done)]) == LONGEST_NAP
    assert (done, caplog.messages) == (
        [],
        [f"The chores must wait: IsADirectoryError: [Errno 21] Is a directory: '{lock}'"],
    )


def test_a_run_is_claimed_before_it_is_done_and_its_length_kept_after(app: Flask) -> None:
    seen: list[tuple[object, object]] = []

    def look() -> None:
        seen.append((row("look").last_run_at, row("look").seconds))

    with held_at(NOON):
        do_what_is_due([Recurring("look", HOUR, look)])
    assert seen == [(NOON, None)]
    assert row("look").seconds is not None


def test_two_workers_at_once_never_do_a_chore_twice(application: Flask) -> None:
    at_once = threading.Barrier(4)
    won: list[bool] = []

    def compete() -> None:
        with application.app_context():
            for hour in range(5):
                at_once.wait(60)
                won.append(claim(counting([]), NOON + hour * HOUR))
            db.session.remove()

    workers = [threading.Thread(target=compete) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert (len(won), sum(won)) == (20, 5)


def test_a_database_that_cannot_be_used_just_now_makes_the_chores_wait(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE chore RENAME TO gone")
    assert do_what_is_due([counting([])]) == LONGEST_NAP
    assert caplog.messages == ["The chores must wait: OperationalError: no such table: chore"]
