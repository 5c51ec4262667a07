"""One place asks for the time, and tests can hold it."""

import datetime as dt

import pytest

from blog.lib.clock import held_at, now, timestamp

MOMENT = dt.datetime(2030, 1, 2, 3, 4, 5, 6, tzinfo=dt.UTC)


def test_the_present_is_aware_and_in_utc() -> None:
    first, second = now(), now()
    assert first.tzinfo is second.tzinfo is dt.UTC
    assert first <= second


def test_a_held_moment_stays_until_it_is_let_go() -> None:
    with held_at(MOMENT):
        with held_at(MOMENT.replace(year=2031)):
            assert now().year == 2031
        assert now() == now() == MOMENT
    assert now() != MOMENT


def test_a_held_moment_is_in_utc_too() -> None:
    with held_at(MOMENT.astimezone(dt.timezone(dt.timedelta(hours=5)))):
        assert (now(), now().tzinfo) == (MOMENT, dt.UTC)


def test_a_fault_lets_it_go() -> None:
    with pytest.raises(ZeroDivisionError), held_at(MOMENT):
        _ = 1 / 0
    assert now() != MOMENT


def test_seconds_since_1970_are_those_of_the_present() -> None:
    before, seconds, after = now().timestamp(), timestamp(), now().timestamp()
    assert before - 0.001 <= seconds <= after + 0.001  # `now` counts in whole microseconds
    with held_at(MOMENT):
        assert timestamp() == now().timestamp() == MOMENT.timestamp()
    assert timestamp() != MOMENT.timestamp()
