"""Dates, numbers and words follow the site's one language and time zone."""

import datetime as dt

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.words import day, gettext, iso, language, ngettext, number
from blog.settings.declaring import choose

pytestmark = pytest.mark.usefixtures("app")
LATE = dt.datetime(2025, 2, 7, 23, 30, tzinfo=dt.UTC)


def speak(**values: str) -> None:
    with write():
        for key, value in values.items():
            choose(f"site.{key}", value)


def test_days_are_written_as_the_language_writes_them() -> None:
    assert day(dt.date(2025, 2, 7)) == "7 February 2025"
    speak(language="de")
    assert day(dt.date(2025, 2, 7)) == "7. Februar 2025"


def test_a_moment_falls_on_its_day_in_the_sites_zone() -> None:
    assert day(LATE) == "7 February 2025"
    speak(time_zone="Europe/Berlin")
    assert day(LATE) == "8 February 2025"
    speak(time_zone="America/New_York")
    assert day(LATE) == "7 February 2025"


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (dt.date(2025, 2, 7), "2025-02-07"),
        (LATE, "2025-02-07T23:30:00Z"),
        (LATE.replace(microsecond=999_999), "2025-02-07T23:30:00Z"),
        (LATE.astimezone(dt.timezone(dt.timedelta(hours=2))), "2025-02-07T23:30:00Z"),
    ],
)
def test_machines_get_days_as_days_and_moments_in_utc(moment: dt.date, written: str) -> None:
    speak(time_zone="Europe/Berlin")
    assert iso(moment) == written


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert (number(1234), number(0.5)) == ("1,234", "0.5")
    speak(language="de")
    assert (number(1234), number(0.5)) == ("1.234", "0,5")


def test_words_are_in_the_language_and_filled_in() -> None:
    assert gettext("Written by %(name)s", name="<Ann>") == "Written by <Ann>"
    assert (language(), gettext("All articles")) == ("en", "All articles")
    speak(language="de")
    assert (language(), gettext("All articles")) == ("de", "Alle Artikel")
    assert gettext("No such words anywhere") == "No such words anywhere"


def test_one_and_many_are_told_apart() -> None:
    words = "%(num)s result", "%(num)s results"
    assert [ngettext(*words, count) for count in (0, 1, 2, 1234)] == [
        "0 results",
        "1 result",
        "2 results",
        "1,234 results",
    ]
    speak(language="de")
    assert [ngettext(*words, count) for count in (1, 2, 1234)] == [
        "1 Ergebnis",
        "2 Ergebnisse",
        "1.234 Ergebnisse",
    ]


def test_outside_a_request_the_site_speaks_too(application: Flask) -> None:
    with application.app_context():
        speak(language="de")
    with application.app_context():
        assert (language(), day(dt.date(2025, 2, 7))) == ("de", "7. Februar 2025")
