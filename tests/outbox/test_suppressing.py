"""An address that is left alone stays so, and only what outranks it changes why."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.outbox.models import Suppression
from blog.outbox.remembering import SUPPRESSED_FILE
from blog.outbox.suppressing import RANKS, is_suppressed, lift, suppress

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DEE, CY = "d" * 64, "c" * 64


def lines(app: Flask) -> list[str]:
    """Return what the file says after its heading."""
    return (Path(app.config["INSTANCE"]) / SUPPRESSED_FILE).read_text("ascii").splitlines()[1:]


def row(hashed: str = DEE) -> tuple[str, datetime, datetime | None]:
    db.session.rollback()
    found = db.session.get_one(Suppression, hashed)
    return found.reason, found.at, found.lifted_at


def test_who_left_is_left_alone_until_it_is_lifted_and_the_file_says_all_of_it(app: Flask) -> None:
    with write():
        suppress(DEE, "left", at=AT)
    assert (is_suppressed(DEE), is_suppressed(CY)) == (True, False)
    with write():
        lift(DEE, at=LATER)
    assert is_suppressed(DEE) is False
    assert lines(app) == [
        f"suppressed {DEE} left 2026-03-01T09:00:00.000000Z",
        f"lifted {DEE} 2026-03-02T09:00:00.000000Z",
    ]


@pytest.mark.parametrize("first", RANKS)
@pytest.mark.parametrize("second", RANKS)
def test_the_stronger_reason_stays(app: Flask, first: str, second: str) -> None:
    with write():
        suppress(DEE, first, at=AT)
    with write():
        suppress(DEE, second, at=LATER)
    changes = RANKS.index(second) > RANKS.index(first)
    assert row() == ((second, LATER, None) if changes else (first, AT, None))


def test_what_was_taken_back_leaves_nothing_in_the_file(app: Flask) -> None:
    def fail() -> None:
        with write():
            suppress(DEE, "left", at=AT)
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    assert not (Path(app.config["INSTANCE"]) / SUPPRESSED_FILE).exists()


def test_the_line_is_on_disk_before_the_database_says_so(app: Flask) -> None:
    seen: list[int] = []
    with write() as session:
        suppress(DEE, "left", at=AT)
        session.connection().connection.driver_connection.set_trace_callback(  # type: ignore[union-attr]  # it is open
            lambda sql: seen.append(len(lines(app))) if sql == "COMMIT" else None
        )
    assert seen == [1]


def test_a_clock_that_is_put_back_does_not_turn_the_order_of_events(app: Flask) -> None:
    with write():
        suppress(DEE, "left", at=LATER)
    with write():
        lift(DEE, at=AT)
    with write():
        suppress(DEE, "left", at=AT)
    tick = timedelta(microseconds=1)
    assert row() == ("left", LATER + 2 * tick, None)


def test_lifting_what_is_not_suppressed_does_nothing(app: Flask) -> None:
    with write():
        lift(DEE, at=AT)
    assert db.session.get(Suppression, DEE) is None


def test_where_the_file_cannot_be_written_nobody_is_told_that_they_are_out(app: Flask) -> None:
    (Path(app.config["INSTANCE"]) / SUPPRESSED_FILE).mkdir()
    with pytest.raises(IsADirectoryError), write():
        suppress(DEE, "left", at=AT)
    assert is_suppressed(DEE) is False
