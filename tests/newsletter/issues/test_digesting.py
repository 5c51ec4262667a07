"""The digest: one draft for each week or month in which something appeared, and never a mail to a reader."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.issues import digesting, drafting
from blog.newsletter.issues.digesting import draft_digest, period_before
from blog.newsletter.issues.drafting import words_of
from blog.newsletter.models import Issue, Stage
from blog.outbox.models import Delivery
from blog.settings.declaring import choose
from tests.building import article, save

from .issuing import may_send

MONDAY = datetime(2026, 3, 16, 6, tzinfo=UTC)
WEEK = timedelta(days=7)


def published(title: str, moment: datetime | None) -> None:
    save(article(title, published_at=moment))


@pytest.fixture
def weekly(app: Flask) -> None:
    """Let a digest be drafted every week."""
    may_send(newsletter__digest="weekly", mail__team="team@example.org")


def digests() -> dict[str, tuple[str, ...]]:
    db.session.rollback()
    return {issue.slug: words_of(issue).articles for issue in db.session.query(Issue).order_by(Issue.id)}


@pytest.mark.parametrize(
    ("this_day", "how_often", "period"),
    [
        (date(2026, 3, 16), "weekly", (date(2026, 3, 9), date(2026, 3, 16), "2026-W11")),
        (date(2026, 3, 22), "weekly", (date(2026, 3, 9), date(2026, 3, 16), "2026-W11")),
        (date(2027, 1, 4), "weekly", (date(2026, 12, 28), date(2027, 1, 4), "2026-W53")),
        (date(2026, 3, 1), "monthly", (date(2026, 2, 1), date(2026, 3, 1), "2026-02")),
        (date(2026, 1, 31), "monthly", (date(2025, 12, 1), date(2026, 1, 1), "2025-12")),
    ],
)
def test_a_digest_is_of_the_week_or_month_that_ended_last(
    this_day: date, how_often: str, period: tuple[date, date, str]
) -> None:
    assert period_before(this_day, how_often) == period
    assert digesting._end_of(period[2]) == period[1]


def test_it_is_off_until_the_team_wants_it(app: Flask) -> None:
    published("New", MONDAY - WEEK)
    with held_at(MONDAY):
        draft_digest()
    assert digests() == {}


@pytest.mark.usefixtures("weekly")
def test_the_articles_of_the_week_make_one_draft_the_newest_first() -> None:
    published("Before", datetime(2026, 3, 8, 23, 59, tzinfo=UTC))
    published("First", datetime(2026, 3, 9, tzinfo=UTC))
    published("Last", datetime(2026, 3, 15, 23, 59, tzinfo=UTC))
    published("After", datetime(2026, 3, 16, tzinfo=UTC))
    published("Draft", None)
    with held_at(MONDAY):
        draft_digest()
        draft_digest()
    assert digests() == {"digest-2026-w11": ("last", "first")}
    issue = db.session.query(Issue).one()
    assert (issue.stage, issue.digest_of, issue.subject) == (
        Stage.DRAFT,
        "2026-W11",
        "New from Broadsheet, until 15 March 2026",
    )


@pytest.mark.usefixtures("weekly")
def test_only_the_team_hears_of_it() -> None:
    published("New", MONDAY - WEEK)
    with held_at(MONDAY):
        draft_digest()
    assert [(row.kind, row.address) for row in db.session.query(Delivery)] == [("notice", "team@example.org")]


@pytest.mark.usefixtures("weekly")
def test_a_week_in_which_nothing_appeared_makes_no_draft() -> None:
    published("Now", MONDAY)
    with held_at(MONDAY):
        draft_digest()
    assert digests() == {}


@pytest.mark.usefixtures("weekly")
def test_a_draft_that_was_removed_does_not_come_back() -> None:
    published("One", MONDAY - WEEK)
    published("Two", MONDAY)
    with held_at(MONDAY):
        draft_digest()
        with write():
            drafting.remove(drafting.issue_named("digest-2026-w11"))
        draft_digest()
        assert digests() == {}
    with held_at(MONDAY + WEEK):
        draft_digest()
    assert digests() == {"digest-2026-w12": ("two",)}


@pytest.mark.usefixtures("weekly")
def test_after_weeks_without_a_worker_the_digest_begins_where_the_last_one_ended() -> None:
    published("One", MONDAY - WEEK)
    with held_at(MONDAY):
        draft_digest()
    published("Two", MONDAY)
    published("Three", MONDAY + WEEK)
    with held_at(MONDAY + 2 * WEEK):
        draft_digest()
    assert digests()["digest-2026-w13"] == ("three", "two")


@pytest.mark.usefixtures("weekly")
def test_days_begin_where_the_site_is() -> None:
    with write():
        choose("site.time_zone", "Europe/Berlin")
    published("Still this week", datetime(2026, 3, 15, 22, 59, tzinfo=UTC))
    published("Next week", datetime(2026, 3, 15, 23, tzinfo=UTC))
    with held_at(datetime(2026, 3, 15, 23, 30, tzinfo=UTC)):
        draft_digest()
    assert digests() == {"digest-2026-w11": ("still-this-week",)}
