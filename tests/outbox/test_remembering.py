"""The file of suppressed addresses is only added to, survives power cuts, and is refused with another key."""

import stat
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.lib.refusing import Refused
from blog.outbox.remembering import SUPPRESSED_FILE, Event, remember, remembered

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
DEE, CY = "d" * 64, "c" * 64


def path(app: Flask) -> Path:
    return Path(app.config["INSTANCE"]) / SUPPRESSED_FILE


def latest() -> list[Event]:
    with remembered() as lines:
        return list(lines.latest())


def erased() -> list[Event]:
    with remembered() as lines:
        return list(lines.erased())


def after(minutes: int) -> datetime:
    return AT + timedelta(minutes=minutes)


def test_without_a_file_nothing_is_remembered(app: Flask) -> None:
    assert (latest(), erased()) == ([], [])


def test_the_last_event_of_each_address_counts_and_an_erasure_is_never_forgotten(app: Flask) -> None:
    remember([Event(DEE, "erased", after(1)), Event(CY, "left", after(2))])
    remember([Event(DEE, "", after(3))])
    assert latest() == [Event(CY, "left", after(2)), Event(DEE, "", after(3))]
    assert erased() == [Event(DEE, "erased", after(1))]


def test_the_file_is_for_its_owner_alone_and_names_nobody(app: Flask) -> None:
    remember([Event(DEE, "left", AT)])
    assert stat.S_IMODE(path(app).stat().st_mode) == 0o600
    assert [entry.name for entry in path(app).parent.glob(".supp*")] == []


@pytest.mark.parametrize("cut", [1, 5, 30, 90])
def test_a_line_torn_by_a_power_cut_is_left_out_and_harms_no_other(app: Flask, cut: int) -> None:
    remember([Event(DEE, "left", AT)])
    whole = path(app).read_bytes()
    remember([Event(CY, "left", AT)])
    path(app).write_bytes(path(app).read_bytes()[: len(whole) + cut])
    assert latest() == [Event(DEE, "left", AT)]
    remember([Event(CY, "bounced", after(1))])
    assert latest() == [Event(CY, "bounced", after(1)), Event(DEE, "left", AT)]


def test_a_last_line_that_lacks_only_its_end_counts(app: Flask) -> None:
    remember([Event(DEE, "left", AT)])
    path(app).write_bytes(path(app).read_bytes().rstrip(b"\n"))
    assert latest() == [Event(DEE, "left", AT)]


def test_a_file_that_a_power_cut_left_empty_is_begun_anew(app: Flask) -> None:
    path(app).touch()
    assert latest() == []
    remember([Event(DEE, "left", AT)])
    assert latest() == [Event(DEE, "left", AT)]


def test_a_file_made_with_another_key_is_refused(app: Flask) -> None:
    path(app).write_text(f"key {'0' * 16}\nsuppressed {DEE} left 2026-03-01T09:00:00.000000Z\n")
    with pytest.raises(Refused, match="was made with another key than the database"):
        latest()


MOMENTS = st.integers(0, 10**6).map(after)
EVENTS = st.lists(
    st.builds(
        Event,
        st.sampled_from([DEE, CY, "0" * 64]),
        st.sampled_from(["", "left", "bounced", "complained", "erased"]),
        MOMENTS,
    ),
    max_size=20,
    unique_by=lambda event: (event.hash, event.at),
)


def last_of_each(events: Iterable[Event]) -> list[Event]:
    found: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: event.at):
        found[event.hash] = event
    return [found[hashed] for hashed in sorted(found)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=EVENTS, noise=st.binary(max_size=40))
def test_whatever_was_added_in_whatever_order_the_latest_by_time_is_read(
    app: Flask, events: list[Event], noise: bytes
) -> None:
    path(app).unlink(missing_ok=True)
    for event in events:
        remember([event])
    if events:
        path(app).write_bytes(path(app).read_bytes() + noise.replace(b"\n", b" "))
    assert latest() == last_of_each(events)
