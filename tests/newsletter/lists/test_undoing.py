"""An import is taken back as a whole, but for those who did something of their own since."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.leaving import leave
from blog.newsletter.lists.undoing import undo_import
from blog.newsletter.models import Consent, Deed, Method, Subscriber, SubscriberImport
from blog.newsletter.queries import reachable
from blog.outbox.models import Suppression
from tests.newsletter.letters import letter_to
from tests.newsletter.lists.files import bring
from tests.subscribers import confirmed, pending

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)


def person(address: str) -> Subscriber:
    return db.session.query(Subscriber).filter_by(key=address).one()


def own_deed(address: str, deed: Deed) -> None:
    who = person(address)
    db.session.add(
        Consent(subscriber_id=who.id, deed=deed, at=LATER, address="", hash=who.hash, method=Method.CODE)
    )


def test_whom_it_brought_is_gone_and_whom_it_did_not_bring_stays(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add(confirmed("here@example.org"))
    with held_at(AT):
        bring(tmp_path, "email\ndee@example.org\ncy@example.org\nhere@example.org\n")
    assert undo_import(1, at=LATER) == {"removed": 2}
    assert [row.key for row in db.session.query(Subscriber)] == ["here@example.org"]
    assert db.session.query(Consent).count() == 0
    assert db.session.query(SubscriberImport).one().undone_at == LATER


def test_whoever_did_something_of_their_own_stays_as_they_are(app: Flask, tmp_path: Path) -> None:
    with held_at(AT):
        bring(tmp_path, "email\na@example.org\nb@example.org\nc@example.org\n")
    with write():
        own_deed("a@example.org", Deed.CONFIRMED)
        leave(person("b@example.org"), Method.ONE_CLICK, at=LATER)
    assert undo_import(1, at=LATER) == {"removed": 1, "stay, by a deed of their own": 2}
    assert [row.key for row in db.session.scalars(reachable(LATER))] == ["a@example.org"]
    assert person("b@example.org").left_at == LATER
    assert db.session.query(Suppression).one().lifted_at is None


def test_who_was_mailed_keeps_the_link_of_leaving_and_gets_nothing_more(app: Flask, tmp_path: Path) -> None:
    with held_at(AT):
        bring(tmp_path, "email\ndee@example.org\n")
    with write():
        letter_to(person("dee@example.org"))
    token = person("dee@example.org").leave_hash
    assert undo_import(1, at=LATER) == {"wait again for a confirmation": 1}
    assert db.session.scalars(reachable(LATER)).all() == []
    assert bring(tmp_path, "email\ndee@example.org\n") == {"updated": 1}
    assert person("dee@example.org").leave_hash == token


def test_who_waited_here_before_waits_again(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add(pending())
        db.session.flush()
        own_deed("cy@example.org", Deed.ASKED)
    bring(tmp_path, "email\ncy@example.org\n")
    assert undo_import(1, at=LATER) == {"wait again for a confirmation": 1}
    assert person("cy@example.org").confirmed_at is None


def test_addresses_that_it_took_out_stay_out(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, "email,state\ndee@example.org,left\ncy@example.org,active\n")
    assert undo_import(1, at=LATER) == {"removed": 1}
    assert bring(tmp_path, "email,state\ndee@example.org,active\ncy@example.org,active\n") == {
        "added": 1,
        "suppressed": 1,
    }


def test_an_import_is_taken_back_once_and_only_if_there_was_one(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, "email\ndee@example.org\n")
    undo_import(1, at=LATER)
    with pytest.raises(Refused, match=r"^Import 1 was taken back on 2026-03-02 09:00 UTC\.$"):
        undo_import(1, at=LATER)
    with pytest.raises(
        Refused, match=r"^There is no import 7; `subscribers imports` lists those there are\.$"
    ):
        undo_import(7, at=LATER)
    assert bring(tmp_path, "email\ndee@example.org\n") == {"added": 1}


def test_hundreds_go_in_parts(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, "email\n" + "".join(f"n{number}@example.org\n" for number in range(1_100)))
    assert undo_import(1, at=LATER) == {"removed": 1_100}
