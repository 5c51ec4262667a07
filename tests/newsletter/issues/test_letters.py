"""A letter is the frozen words with one subscriber's own links, and goes only to who may get it at that moment."""

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.issues.letters import KINDS, preview
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.links import leave_url
from blog.newsletter.models import Issue, Subscriber
from blog.outbox.models import Delivery
from tests.counting import questions_asked

from .issuing import MINUTE, NOON, drafted, issue, may_send, sent

LETTER = next(kind for kind in KINDS if kind.name == "letter")


@pytest.fixture
def delivery(app: Flask) -> Delivery:
    """Return the first of three letters of an issue that has started."""
    may_send()
    drafted()
    with held_at(NOON):
        sent()
    with held_at(NOON + 10 * MINUTE):
        advance_issues()
    return db.session.query(Delivery).order_by(Delivery.id).limit(1).one()


def subscriber(delivery: Delivery) -> Subscriber:
    return db.session.get_one(Subscriber, delivery.recipient_id)


def test_a_letter_goes_to_the_address_of_this_moment_with_its_own_links(delivery: Delivery) -> None:
    with write():
        subscriber(delivery).address = "New@example.org"
    letter = LETTER.compose(delivery)
    assert letter is not None
    assert (letter.to, letter.subject) == ("New@example.org", "Spring")
    assert leave_url(subscriber(delivery)) in letter.text


def test_the_words_are_the_frozen_ones(delivery: Delivery) -> None:
    with write():
        db.session.execute(db.text("UPDATE issue SET subject = 'Other', body = 'Other'"))
    letter = LETTER.compose(delivery)
    assert letter is not None
    assert (letter.subject, "Other" in letter.html) == ("Spring", False)


def test_the_frozen_words_are_read_once_for_all_letters(delivery: Delivery) -> None:
    LETTER.compose(delivery)
    others = db.session.query(Delivery).order_by(Delivery.id).offset(1).all()
    with questions_asked() as asked:
        for other in others:
            LETTER.compose(other)
    assert sum("frozen" in question for question in asked) == 0
    assert len(asked) <= 2 * len(others)  # the subscriber, and now and then a setting


def test_who_was_erased_gets_no_letter(delivery: Delivery) -> None:
    with write():
        subscriber(delivery).address = None
    assert LETTER.compose(delivery) is None


def test_who_left_a_moment_ago_may_not_get_it_any_more(delivery: Delivery) -> None:
    assert LETTER.may_still_send(delivery) is True
    with write():
        subscriber(delivery).left_at = NOON
    assert LETTER.may_still_send(delivery) is False


def test_a_preview_shows_no_subscribers_link_and_changes_nothing(app: Flask) -> None:
    may_send()
    drafted()
    letter = preview(issue(), "reader@example.org")
    assert "https://journal.example.org/newsletter/leave" not in letter.html + letter.text
    assert (db.session.query(Delivery).count(), db.session.query(Issue).one().frozen) == (0, {})
