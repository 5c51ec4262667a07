"""Of each address the latest event wins, whether the file or the database knows it; neither forgets."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.outbox.merging import merge_suppressions, when_suppressed_again
from blog.outbox.models import Suppression
from blog.outbox.remembering import SUPPRESSED_FILE, Event, remember, remembered

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
DEE = "d" * 64


@pytest.fixture
def again(app: Flask) -> list[Event]:
    """Return what was taken out again."""
    seen: list[Event] = []
    when_suppressed_again(app, seen.append)
    return seen


def merge() -> int:
    with remembered() as lines, write():
        return merge_suppressions(lines)


def keep(*rows: Suppression) -> None:
    with write() as session:
        session.add_all(rows)


def kept(hashed: str = DEE) -> tuple[str, datetime, datetime | None] | None:
    db.session.rollback()
    row = db.session.get(Suppression, hashed)
    return (row.reason, row.at, row.lifted_at) if row else None


def in_file() -> list[Event]:
    with remembered() as lines:
        return list(lines.latest())


def test_what_only_the_file_knows_is_suppressed_again(app: Flask, again: list[Event]) -> None:
    left = Event(DEE, "left", AT)
    remember([left])
    assert merge() == 1
    assert (kept(), again) == (("left", AT, None), [left])
    assert merge() == 0
    assert again == [left]


def test_what_only_the_database_knows_is_added_to_the_file(app: Flask, again: list[Event]) -> None:
    keep(
        Suppression(hash=DEE, reason="left", at=AT),
        Suppression(hash="c" * 64, reason="bounced", at=AT, lifted_at=LATER),
    )
    assert merge() == 0
    assert (in_file(), again) == ([Event("c" * 64, "", LATER), Event(DEE, "left", AT)], [])


def test_a_lift_whose_line_a_power_cut_lost_gets_it(app: Flask, again: list[Event]) -> None:
    remember([Event(DEE, "left", AT)])
    keep(Suppression(hash=DEE, reason="left", at=AT, lifted_at=LATER))
    assert merge() == 0
    assert (kept(), in_file(), again) == (("left", AT, LATER), [Event(DEE, "", LATER)], [])


def test_a_lift_that_an_older_database_does_not_know_is_kept(app: Flask, again: list[Event]) -> None:
    remember([Event(DEE, "left", AT), Event(DEE, "", LATER)])
    keep(Suppression(hash=DEE, reason="left", at=AT))
    assert merge() == 0
    assert (kept(), again) == (("left", AT, LATER), [])


def test_who_left_again_after_a_lift_is_out_in_an_older_database_too(app: Flask, again: list[Event]) -> None:
    last = Event(DEE, "complained", LATER + timedelta(days=1))
    remember([last])
    keep(Suppression(hash=DEE, reason="left", at=AT, lifted_at=LATER))
    assert merge() == 1
    assert (kept(), again) == (("complained", last.at, None), [last])


def test_an_erasure_is_told_of_even_where_the_address_signed_up_again_later(
    app: Flask, again: list[Event]
) -> None:
    erased = Event(DEE, "erased", AT)
    remember([erased, Event(DEE, "", LATER)])
    assert merge() == 0
    assert (kept(), again) == (None, [erased])


def test_a_file_as_it_was_is_not_written_to(app: Flask, again: list[Event]) -> None:
    keep(Suppression(hash=DEE, reason="left", at=AT))
    merge()
    path = Path(app.config["INSTANCE"]) / SUPPRESSED_FILE
    before = path.read_bytes()
    merge()
    assert path.read_bytes() == before


def test_many_are_merged_whatever_their_hashes_begin_with(app: Flask, again: list[Event]) -> None:
    hashes = sorted(sha256(str(number).encode()).hexdigest() for number in range(300))
    hashes += ["f" * 64]
    remember([Event(hashed, "left", AT) for hashed in hashes[::2]])
    keep(*(Suppression(hash=hashed, reason="left", at=AT) for hashed in hashes[1::2]))
    assert merge() == 151
    assert [event.hash for event in in_file()] == hashes
    assert [kept(hashed) for hashed in hashes] == [("left", AT, None)] * 301
    assert merge() == 0
