"""How often one client tried something lately is counted, and nobody can read who it was."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select

from blog.lib.db import db, write
from blog.lib.throttling import Pace, Tries, count_try, pace_of, wait_until_fewer

AT = datetime(2025, 6, 2, 10, 0, 30, tzinfo=UTC)


def tried(times: int = 1, *, what: str = "signup", network: str = "198.51.100.7", at: datetime = AT) -> Pace:
    with write():
        paces = [count_try(what, network, at) for _ in range(times)]
    return paces[-1]


def test_a_try_counts_itself(app: Flask) -> None:
    assert [tried(), tried(), tried()] == [Pace(1, 1), Pace(2, 2), Pace(3, 3)]


def test_tries_leave_the_ten_minutes_before_they_leave_the_hour(app: Flask) -> None:
    tried(5)
    assert tried(at=AT + timedelta(minutes=9)) == Pace(6, 6)
    assert tried(at=AT + timedelta(minutes=10)) == Pace(2, 7)
    assert tried(at=AT + timedelta(minutes=59)) == Pace(1, 8)
    assert tried(at=AT + timedelta(minutes=60)) == Pace(2, 4)


def test_networks_and_things_are_counted_apart(app: Flask) -> None:
    tried(5)
    assert tried(network="198.51.100.8") == Pace(1, 1)
    assert tried(what="confirm") == Pace(1, 1)


def test_rows_older_than_an_hour_are_deleted_whoever_they_are_of(app: Flask) -> None:
    tried(network="198.51.100.8")
    tried(at=AT + timedelta(minutes=60))
    assert len(db.session.execute(select(Tries)).all()) == 1


def test_the_wait_lasts_until_enough_tries_are_an_hour_old(app: Flask) -> None:
    tried(2)
    tried(2, at=AT + timedelta(minutes=10))
    later = AT + timedelta(minutes=20)
    waits = [wait_until_fewer("signup", "198.51.100.7", most, later) for most in (5, 4, 3, 2, 1)]
    assert waits == [timedelta(minutes=minutes) for minutes in (0, 40, 40, 50, 50)]


def test_what_is_kept_is_keyed_with_the_secret_of_the_site(app: Flask) -> None:
    tried()
    app.secret_key = "another-key-that-only-tests-have"
    assert tried() == Pace(1, 1)


def test_what_is_kept_says_nothing_about_the_network(app: Flask) -> None:
    tried()
    (client,) = db.session.scalars(select(Tries.client))
    assert set(client) <= set("0123456789abcdef")
    assert len(client) == 32


def test_looking_at_a_pace_counts_nothing_and_forgets_what_is_an_hour_old(app: Flask) -> None:
    tried(3)
    assert [pace_of("signup", "198.51.100.7", AT) for _ in range(2)] == [Pace(3, 3)] * 2
    assert pace_of("signup", "198.51.100.7", AT + timedelta(minutes=59)) == Pace(0, 3)
    assert pace_of("signup", "198.51.100.7", AT + timedelta(minutes=60)) == Pace(0, 0)
