"""Saying that an issue is to go: the count, the hold, the moment, and taking it back."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.issues import scheduling
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Stage, SubscriberTopic
from blog.outbox.models import Delivery, Mailroom
from blog.settings.declaring import choose
from tests.building import FUTURE, article, category, save
from tests.subscribers import confirmed, pending

from .issuing import MINUTE, NOON, drafted, issue, issue_in_write, may_send, sent

HOUR = timedelta(hours=1)


def schedule(moment: datetime, count: int = 3, at: datetime = NOON) -> None:
    with write():
        scheduling.schedule(issue_in_write(), moment, count, at=at)


def undo() -> None:
    with write():
        scheduling.undo(issue_in_write())


def refusal(do: object) -> str:
    with pytest.raises(Refused) as refused:
        do()  # type: ignore[operator]  # a lambda of a test
    return str(refused.value)


@pytest.fixture(autouse=True)
def ready(app: Flask) -> None:
    """Let there be a draft, three readers, and a team that may send."""
    may_send()
    drafted()


def test_send_holds_for_ten_minutes_and_queues_nothing(app: Flask) -> None:
    with held_at(NOON):
        sent()
        waiting = issue()
        assert (waiting.stage, waiting.send_at, waiting.counted) == (Stage.HOLDING, NOON + 10 * MINUTE, 3)
    assert db.session.query(Delivery).count() == 0


def test_the_hold_can_be_chosen_and_can_be_none(app: Flask) -> None:
    with write():
        assert choose("newsletter.hold_minutes", "007") == "7"
        assert choose("newsletter.hold_minutes", "0") == "0"
    sent()
    assert issue().send_at == NOON
    said = refusal(lambda: choose("newsletter.hold_minutes", "1441"))
    assert said == "“1441” is not a number of minutes from 0 to 1440."
    assert refusal(lambda: choose("newsletter.hold_minutes", "²")).startswith("“²” is not a number")


def test_another_count_than_that_of_this_moment_is_refused_with_both(app: Flask) -> None:
    assert refusal(lambda: sent(count=4)) == "It goes to 3 people, not to 4; nothing was sent."
    save(confirmed("new@example.org"))
    assert refusal(lambda: schedule(NOON + HOUR)) == "It goes to 4 people, not to 3; nothing was sent."
    assert issue().stage is Stage.DRAFT


def test_only_who_may_get_it_is_counted(app: Flask) -> None:
    save(
        pending(),
        confirmed("left@example.org", left_at=NOON),
        confirmed("pausing@example.org", paused_until=NOON + MINUTE),
        confirmed("back@example.org", paused_until=NOON),
    )
    sent(count=4)


def test_an_issue_with_topics_is_for_their_readers_and_for_those_of_everything(app: Flask) -> None:
    sleep, heart = category("Sleep"), category("Heart")
    some = confirmed("some@example.org", all_topics=False)
    other = confirmed("other@example.org", all_topics=False)
    save(sleep, heart, some, other)
    save(
        SubscriberTopic(subscriber_id=some.id, category_id=sleep.id),
        SubscriberTopic(subscriber_id=other.id, category_id=heart.id),
    )
    drafted("On sleep", topics=("sleep",))
    sent("on-sleep", 4)
    sent("spring", 5)


def test_nobody_to_get_it_is_said(app: Flask) -> None:
    with write() as session:
        session.execute(db.text("UPDATE subscriber SET left_at = '2026-01-01T00:00:00.000000'"))
    assert refusal(lambda: sent(count=0)) == "Nobody would get it: there is no confirmed reader it is for."


def test_an_issue_that_says_nothing_is_not_sent(app: Flask) -> None:
    drafted("Empty", body=" ")
    said = refusal(lambda: sent("empty"))
    assert said == "Write something before sending: this issue has no text and no article."


def test_an_article_that_readers_cannot_read_then_stops_it(app: Flask) -> None:
    save(article("Later", published_at=NOON + HOUR), article("Never", published_at=None), article("Now"))
    drafted("One", articles=("later", "now"))
    said = refusal(lambda: sent("one"))
    assert said == "The article “Later” is not published by then; leave it out, or send later."
    with write():
        scheduling.schedule(issue_in_write("one"), NOON + HOUR, 3, at=NOON)
    drafted("Two", articles=("never",))
    with pytest.raises(Refused), write():
        scheduling.schedule(issue_in_write("two"), FUTURE, 3, at=NOON)


def test_without_a_postal_address_or_behind_a_fence_nobody_can_say_send(app: Flask) -> None:
    with write():
        choose("site.postal_address", "")
    said = refusal(lambda: sent())
    assert said == "Every letter must show the team's postal address; set site.postal_address first."
    with write() as session:
        choose("site.postal_address", "14 Linden Street")
        session.get_one(Mailroom, 1).fenced_at = NOON
    assert refusal(lambda: sent()).startswith("These data may be a copy of others that still send;")


def test_a_schedule_keeps_its_moment_and_the_count(app: Flask) -> None:
    schedule(NOON + 2 * HOUR)
    with held_at(NOON):
        assert (issue().stage, issue().send_at, issue().counted) == (Stage.SCHEDULED, NOON + 2 * HOUR, 3)
        schedule(NOON + HOUR)
        assert issue().send_at == NOON + HOUR
        sent()
        assert issue().stage is Stage.HOLDING


def test_a_moment_that_has_passed_or_is_too_far_is_refused(app: Flask) -> None:
    assert refusal(lambda: schedule(NOON)) == "This moment has passed; choose a later one, or send it now."
    assert refusal(lambda: schedule(FUTURE)) == "This moment is more than a year away."


def test_send_twice_is_refused(app: Flask) -> None:
    with held_at(NOON):
        sent()
        said = refusal(lambda: sent())
    assert said == "“spring” is on its way already, until somebody takes it back."


def test_taking_it_back_makes_it_a_draft_until_it_has_begun(app: Flask) -> None:
    assert refusal(undo) == "“spring” is a draft; there is nothing to take back."
    with held_at(NOON):
        sent()
        undo()
        assert (issue().stage, issue().send_at, issue().counted) == (Stage.DRAFT, None, None)
        sent()
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
        assert refusal(undo) == "“spring” has begun to go out; `newsletter pause spring` holds what is left."
        assert refusal(lambda: sent()) == "“spring” was sent already; write another issue."


def test_more_than_three_hours_late_it_asks_again(app: Flask) -> None:
    schedule(NOON + HOUR)
    with held_at(NOON + 4 * HOUR + MINUTE):
        assert issue().stage is Stage.LATE
        sent(at=NOON + 4 * HOUR + MINUTE)
        assert issue().stage is Stage.HOLDING
