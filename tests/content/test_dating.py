"""When something last changed, and which day it is where the site is."""

from datetime import UTC, date, datetime

import pytest

from blog.content.dating import latest, today
from blog.lib.clock import held_at
from blog.lib.db import write
from blog.settings.declaring import choose

pytestmark = pytest.mark.usefixtures("app")

LATE = datetime(2025, 6, 1, 22, 30, tzinfo=UTC)


def test_a_day_begins_where_the_site_is() -> None:
    with write():
        choose("site.time_zone", "Europe/Berlin")
    with held_at(LATE):
        assert today() == date(2025, 6, 2)
        assert latest(date(2025, 6, 2)) == datetime(2025, 6, 1, 22, tzinfo=UTC)


def test_the_latest_that_has_come_counts() -> None:
    with held_at(LATE):
        past = datetime(2025, 1, 1, tzinfo=UTC)
        assert latest(past, date(2025, 3, 1), datetime(2030, 1, 1, tzinfo=UTC), None) == datetime(
            2025, 3, 1, tzinfo=UTC
        )
        assert latest(None) is None
