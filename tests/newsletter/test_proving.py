"""The database itself refuses to change the proof of consent, whoever asks it to."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from blog.lib.db import write
from blog.newsletter.signup.confirming import confirm_by_code
from tests.newsletter.asking import AT, asked_and_mailed, code

REFUSED = r"^The records of consent are only ever added to\.$"


@pytest.fixture
def beside(app: Flask) -> Iterator[sqlite3.Connection]:
    """Return the file as another program sees it: Dee confirmed, Cy did not."""
    handle = asked_and_mailed("dee@example.org")
    with write():
        confirm_by_code(handle, code(), at=AT)
    asked_and_mailed("cy@example.org")
    with closing(sqlite3.connect(app.config["BROADSHEET_DATABASE"], isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


@pytest.mark.parametrize(
    "change",
    [
        "deed = 'left'",
        "at = '2020-01-01T00:00:00.000000'",
        "address = 'eve@example.org'",
        "hash = ''",
        "page = '/elsewhere'",
        "place = ''",
        "wording_id = NULL",
        "method = 'button'",
        "asked_id = 2",
        "note = 'x'",
        "subscriber_id = 2",
        "id = 77",
        "address = '', note = 'x'",
        "address = upper(address)",
    ],
)
def test_no_column_of_a_record_can_be_changed(beside: sqlite3.Connection, change: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        beside.execute(f"UPDATE consent SET {change}")


def test_what_may_name_the_person_can_be_blanked_and_not_written_again(beside: sqlite3.Connection) -> None:
    beside.execute(
        "INSERT INTO consent (subscriber_id, deed, at, address, hash, page, place, note) "
        "VALUES (1, 'imported', '2020-01-01T00:00:00.000000', 'dee@example.org', '', '/', '', 'A letter of Dee')"
    )
    beside.execute("UPDATE consent SET address = '', page = '', note = ''")
    beside.execute("UPDATE consent SET address = '', page = '', note = ''")
    assert beside.execute("SELECT DISTINCT address, page, note FROM consent").fetchall() == [("", "", "")]
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        beside.execute("UPDATE consent SET address = 'dee@example.org'")


def test_the_records_of_whoever_confirmed_cannot_be_deleted(beside: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        beside.execute("DELETE FROM consent WHERE subscriber_id = 1")
    beside.execute("UPDATE subscriber SET confirmed_at = NULL")
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        beside.execute("DELETE FROM consent WHERE id = 1")


def test_a_record_cannot_be_replaced_by_another(beside: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=REFUSED):
        beside.execute(
            "INSERT OR REPLACE INTO consent (id, subscriber_id, deed, at, address, hash, page, place, note) "
            "VALUES (1, 1, 'left', '2020-01-01T00:00:00.000000', '', '', '', '', '')"
        )


def test_the_records_of_whoever_never_confirmed_can_be_deleted(beside: sqlite3.Connection) -> None:
    assert beside.execute("DELETE FROM consent WHERE subscriber_id = 2").rowcount == 1
