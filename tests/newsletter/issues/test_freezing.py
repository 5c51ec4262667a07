"""The moment an issue starts: everyone who is reachable gets a row of the ledger, and nothing changes any more."""

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.issues.freezing import start
from blog.newsletter.models import Stage, Subscriber, SubscriberTopic
from blog.outbox.models import Batch, Delivery, State
from blog.outbox.suppressing import suppress
from tests.building import category, save
from tests.subscribers import confirmed, pending

from .issuing import MINUTE, NOON, drafted, issue, issue_in_write, may_send

FROZEN = {"html": "<p>Words</p>"}


@pytest.fixture(autouse=True)
def ready(app: Flask) -> None:
    """Let there be a draft."""
    may_send(0)
    drafted()


def begin(slug: str = "spring") -> int:
    with write():
        return start(issue_in_write(slug), FROZEN, at=NOON)


def deliveries() -> list[Delivery]:
    db.session.rollback()
    return db.session.query(Delivery).order_by(Delivery.id).all()


def test_a_row_of_the_ledger_knows_whose_it_is_and_no_address(app: Flask) -> None:
    save(confirmed("Dee@Exämple.org"))
    assert begin() == 1
    (row,) = deliveries()
    dee = db.session.query(Subscriber).one()
    assert (row.kind, row.urgent, row.state, row.tries, row.address) == ("letter", False, State.QUEUED, 0, "")
    assert (row.recipient_id, row.hash, row.domain) == (dee.id, dee.hash, "xn--exmple-cua.org")
    assert (row.about_id, row.batch_id) == (issue().id, issue().batch_id)
    assert (row.made_at, row.next_try_at, row.claimed_until, row.settled_at) == (NOON, NOON, None, None)
    assert (row.claim, row.message_id, row.answer) == ("", "", "")


def test_the_issue_keeps_its_words_and_its_batch(app: Flask) -> None:
    save(confirmed())
    begin()
    batch = db.session.get_one(Batch, issue().batch_id)
    assert (batch.kind, batch.made_at, batch.paused_at, batch.done_at) == ("letter", NOON, None, None)
    assert (issue().frozen, issue().started_at, issue().stage) == (FROZEN, NOON, Stage.SENDING)


def test_only_who_may_get_it_at_this_moment_is_chosen(app: Flask) -> None:
    bounced = confirmed("bounced@example.org")
    back = confirmed("back@example.org", paused_until=NOON)
    save(
        pending(),
        bounced,
        back,
        confirmed("left@example.org", left_at=NOON),
        confirmed("pausing@example.org", paused_until=NOON + MINUTE),
        confirmed("erased@example.org", erased_at=NOON),
    )
    with write():
        suppress(bounced.hash, "bounced", at=NOON)
    assert begin() == 1
    assert [row.recipient_id for row in deliveries()] == [back.id]


def test_topics_choose_their_readers(app: Flask) -> None:
    sleep, heart = category("Sleep"), category("Heart")
    everything = confirmed("all@example.org")
    one = confirmed("one@example.org", all_topics=False)
    both = confirmed("both@example.org", all_topics=False)
    none = confirmed("none@example.org", all_topics=False)
    save(sleep, heart, everything, one, both, none)
    save(
        SubscriberTopic(subscriber_id=one.id, category_id=heart.id),
        SubscriberTopic(subscriber_id=both.id, category_id=heart.id),
        SubscriberTopic(subscriber_id=both.id, category_id=sleep.id),
    )
    drafted("Hearts", topics=("heart", "sleep"))
    begin("hearts")
    assert [row.recipient_id for row in deliveries()] == [everything.id, one.id, both.id]


def test_an_issue_that_nobody_gets_is_done_at_once(app: Flask) -> None:
    assert begin() == 0
    assert (issue().stage, issue().done_at) == (Stage.DONE, NOON)
    assert db.session.get_one(Batch, issue().batch_id).done_at == NOON


def test_who_signs_up_afterwards_is_not_among_them(app: Flask) -> None:
    save(confirmed())
    begin()
    save(confirmed("new@example.org"))
    assert len(deliveries()) == 1
