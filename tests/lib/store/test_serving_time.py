"""What turns by itself turns at its second, and turns back with the clock."""

import datetime as dt
from contextlib import ExitStack
from zoneinfo import ZoneInfo

import pytest

from blog.lib.clock import held_at, now
from blog.lib.db import write
from blog.settings import identity
from blog.settings.declaring import choose
from tests.building import article, category, person, save

from .sample import Sample

MOMENT = dt.datetime(2030, 6, 2, 10, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


SCHEDULED = "/articles/planned"


@pytest.fixture
def planned(sample: Sample) -> Sample:
    """Return a site with an article that appears at MOMENT."""
    with sample.app.app_context():
        save(
            article("Planned", published_at=MOMENT, category=category("Plans"), authors=[person("Pia Plan")])
        )
    return sample


def statuses(sample: Sample, moment: dt.datetime) -> list[int]:
    with held_at(moment):
        return [sample.ask(path).status for path in (SCHEDULED, "/categories/plans", SCHEDULED)]


def test_what_is_scheduled_appears_at_its_second(planned: Sample) -> None:
    assert statuses(planned, MOMENT - SECOND) == [404] * 3
    assert statuses(planned, MOMENT - SECOND / 1000) == [404] * 3
    assert statuses(planned, MOMENT) == [200] * 3
    assert statuses(planned, MOMENT + SECOND) == [200] * 3


def test_when_the_clock_is_put_back_it_is_hidden_again(planned: Sample) -> None:
    for moment, status in (
        *(
            (MOMENT + SECOND, 200),
            (MOMENT - SECOND, 404),
            (MOMENT, 200),
            (MOMENT - dt.timedelta(days=2), 404),
        ),
        *((MOMENT - SECOND, 404), (MOMENT + dt.timedelta(days=400), 200), (MOMENT - SECOND, 404)),
    ):
        assert (moment, statuses(planned, moment)) == (moment, [status] * 3)


def test_a_page_that_was_made_across_the_second_is_not_kept(planned: Sample) -> None:
    turning = [held_at(MOMENT)]

    def view() -> str:
        if turning:
            time_goes_on.enter_context(turning.pop())
        return "before" if now() < MOMENT else "after"

    planned.page("/view", view)
    with held_at(MOMENT - SECOND):
        with ExitStack() as time_goes_on:
            assert planned.ask("/view").text == "after"
        # The clock was put back; what is already kept would be shown too early.
        assert planned.ask("/view").text == "before"


def test_an_update_that_was_dated_ahead_is_shown_at_its_second(sample: Sample) -> None:
    with sample.app.app_context():
        save(article("Sleep", updated_at=MOMENT))
    found = []
    for moment in (MOMENT - SECOND, MOMENT - SECOND, MOMENT, MOMENT + SECOND, MOMENT - SECOND):
        with held_at(moment):
            found.append("2030" in sample.ask("/articles/sleep").text)
    assert found == [False, False, True, True, False]


def test_a_review_is_overdue_from_midnight_where_the_site_is(sample: Sample) -> None:
    zone = ZoneInfo("Pacific/Auckland")
    with sample.app.app_context():
        with write():
            choose("site.time_zone", "Pacific/Auckland")
        save(
            article(
                "Sleep",
                reviewers=[person()],
                reviewed_on=dt.date(2029, 1, 1),
                next_review_on=dt.date(2030, 6, 2),
            )
        )
    midnight = dt.datetime(2030, 6, 3, tzinfo=zone)
    pages = []
    for moment in (midnight - SECOND, midnight, midnight - SECOND, midnight + SECOND):
        with held_at(moment):
            pages.append(sample.ask("/articles/sleep").body)
    assert [page == pages[0] for page in pages] == [True, False, True, False]
    assert pages[1] == pages[3]


def test_a_day_turns_in_a_summer_night_without_a_midnight_too(sample: Sample) -> None:
    zone = ZoneInfo("Africa/Cairo")  # on 26 April 2030 the clock goes from 00:00 to 01:00
    with sample.app.app_context(), write():
        choose("site.time_zone", "Africa/Cairo")
    first = dt.datetime(2030, 4, 26, 1, tzinfo=zone).astimezone(dt.UTC)
    sample.page("/day", lambda: str(now().astimezone(identity.zone()).date()))
    found = []
    for moment in (first - SECOND, first, first - SECOND):
        with held_at(moment):
            found.append(sample.ask("/day").text)
    assert found == ["2030-04-25", "2030-04-26", "2030-04-25"]
