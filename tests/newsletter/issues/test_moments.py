"""A moment as a person types it, on ordinary days and on those when clocks are changed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from blog.lib.refusing import Refused
from blog.newsletter.issues.moments import in_words, moment_from

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("2026-03-01 09:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026-07-01T9:05", datetime(2026, 7, 1, 7, 5, tzinfo=UTC)),
        (" 2026-07-01 09:00:00 ", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-07-01T09:00Z", datetime(2026, 7, 1, 9, tzinfo=UTC)),
        ("2026-07-01 09:00+0530", datetime(2026, 7, 1, 3, 30, tzinfo=UTC)),
        ("2026-10-25T02:30+02:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("2026-10-25T02:30+01:00", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ("2026-03-29 03:00", datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_that_of_the_sites_zone_unless_it_says_another(typed: str, moment: datetime) -> None:
    assert moment_from(typed, BERLIN) == moment


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29 02:30", "There is no 02:30 on 2026-03-29 in Europe/Berlin: clocks are put ahead then."),
        (
            "2026-10-25 02:30",
            "2026-10-25 02:30 comes twice in Europe/Berlin: clocks are put back then; "
            "write 2026-10-25T02:30+02:00 or 2026-10-25T02:30+01:00.",
        ),
    ],
)
def test_a_time_that_the_day_has_not_or_has_twice_is_refused(typed: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        moment_from(typed, BERLIN)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "typed",
    [
        "tomorrow",
        "2026-02-30 09:00",
        "2026-03-01",
        "2026-03-01 25:00",
        "9999-12-31 23:59-12:00",
        "٢٠٢٦-03-01 09:00",
        "",
    ],
)
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        moment_from(typed, BERLIN)
    assert str(refused.value).endswith("is no moment; write 2026-03-01 09:00, or 2026-03-01T09:00+01:00.")


def test_commands_say_a_moment_with_its_zone() -> None:
    assert in_words(datetime(2026, 7, 1, 7, tzinfo=UTC), BERLIN) == "2026-07-01 09:00 (Europe/Berlin, +02:00)"
