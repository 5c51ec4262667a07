"""A request for the newsletter is kept with its proof, and asking again is the same as asking once."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from blog.lib.addresses import Address, address_from
from blog.lib.db import db, write
from blog.newsletter.models import Consent, Deed, SignupRequest, Subscriber, Wording
from blog.newsletter.signup.subscribing import Origin, Visitor, ask
from blog.newsletter.signup.wording import key_of, shown_words

AT = datetime(2025, 6, 2, 10, tzinfo=UTC)
LATER = AT + timedelta(days=3)

NOBODY = Visitor()


def address(typed: str) -> Address:
    found = address_from(typed)
    assert found is not None
    return found


def asked(typed: str, visitor: Visitor = NOBODY, *, at: datetime = AT) -> None:
    with write():
        origin = Origin(page="/articles/sleep", place="article-1", wording=key_of(shown_words()))
        ask(address(typed), origin, visitor, at=at)


def test_a_request_keeps_the_address_as_typed_and_as_compared(app: Flask) -> None:
    asked("Dee.Doe@Example.ORG")
    kept = db.session.query(Subscriber).one()
    assert (kept.address, kept.key) == ("Dee.Doe@Example.ORG", "dee.doe@example.org")
    assert (kept.asked_at, kept.asked_again_at) == (AT, AT)


def test_the_proof_says_who_when_where_and_under_which_words(app: Flask) -> None:
    asked("dee@example.org", Visitor(network="n", browser="b", later=True))
    proof = db.session.query(Consent).one()
    assert proof.subscriber_id == db.session.query(Subscriber).one().id
    assert (proof.address, proof.at) == ("dee@example.org", AT)
    assert (proof.page, proof.place, proof.deed) == ("/articles/sleep", "article-1", Deed.ASKED)
    assert db.session.get_one(Wording, proof.wording_id).text == shown_words()
    waiting = db.session.query(SignupRequest).one()
    assert (waiting.network, waiting.browser, waiting.later, waiting.answered_at) == ("n", "b", True, None)


def test_asking_again_adds_a_proof_and_no_subscriber(app: Flask) -> None:
    asked("dee@example.org")
    asked("DEE@example.org", at=LATER)
    kept = db.session.query(Subscriber).one()
    assert (kept.address, kept.asked_at, kept.asked_again_at) == ("dee@example.org", AT, LATER)
    proofs = db.session.query(Consent).order_by(Consent.id).all()
    assert [(proof.subscriber_id, proof.address) for proof in proofs] == [
        (kept.id, "dee@example.org"),
        (kept.id, "DEE@example.org"),
    ]


def test_two_people_are_two_subscribers(app: Flask) -> None:
    asked("dee@example.org")
    asked("dee+news@example.org")
    kept = db.session.query(Subscriber).order_by(Subscriber.id)
    assert [row.key for row in kept] == ["dee@example.org", "dee+news@example.org"]


def test_the_subscriber_and_the_proof_stand_or_fall_together(app: Flask) -> None:
    def fail() -> None:
        with write():
            ask(address("dee@example.org"), Origin("/", "page", ""), NOBODY, at=AT)
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    assert (db.session.query(Subscriber).count(), db.session.query(Consent).count()) == (0, 0)


def test_words_that_were_never_shown_are_not_made_up(app: Flask) -> None:
    with write():
        ask(address("dee@example.org"), Origin("/", "page", "0123456789abcdef"), NOBODY, at=AT)
    assert db.session.query(Consent).one().wording_id is None
