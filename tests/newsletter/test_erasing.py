"""Erasing leaves nothing that names the person: not in the rows, and after the next checkpoint not in any byte."""

import base64
import quopri
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from blog.lib.addresses import address_from
from blog.lib.db import db, write
from blog.newsletter.erasing import erase, erase_again, hashes_of
from blog.newsletter.models import (
    Bounce,
    Consent,
    Deed,
    Follow,
    MailedLink,
    Method,
    Purpose,
    SignupRequest,
    Subscriber,
    SubscriberTopic,
)
from blog.newsletter.signup.subscribing import Origin, Visitor, ask
from blog.newsletter.wiping import wipe
from blog.outbox.models import Delivery, Suppression
from blog.outbox.posting import post
from blog.outbox.remembering import Event
from blog.outbox.standing import new_seed
from tests.building import article, category, save
from tests.counting import tables_scanned
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
TYPED = "Dee.Über+Letters@Beispiel-Straße.example.org"
OTHER = "somebody-else@example.org"


def subscribe(typed: str = TYPED) -> Subscriber:
    """Return somebody who asked, confirmed, chose, follows, and got mail."""
    address = address_from(typed)
    assert address is not None
    save(article(category=category()))
    with write() as session:
        ask(address, Origin("/articles/sleep", "article-1", ""), Visitor(), at=AT)
        subscriber = session.scalars(select(Subscriber).where(Subscriber.key == address.key)).one()
        subscriber.confirmed_at, subscriber.all_topics = AT, False
        whose: dict[str, Any] = {"subscriber_id": subscriber.id}
        mailed = MailedLink(**whose, purpose=Purpose.CONFIRM, made_at=AT, seed=new_seed(), data={})
        session.add_all(
            [
                SubscriberTopic(**whose, category_id=1),
                Follow(**whose, article_id=1, asked_at=AT, ends_at=AT, known_change=""),
                mailed,
                Bounce(hash=subscriber.hash, kind="soft", at=AT, status="4.2.2 Dee.Über is full"),
            ]
        )
        post("confirmation", typed, at=AT, recipient=subscriber.id)
    return subscriber


def count(noun: Any) -> int:
    return int(db.session.query(noun).count())


def test_an_erased_subscriber_is_a_number_with_hashes_and_times(app: Flask) -> None:
    dee = subscribe()
    hashed = dee.hash
    with write():
        assert erase(dee, Method.PAGE, at=AT) == {TYPED}
    db.session.expire_all()
    assert (dee.address, dee.key, dee.hash, dee.erased_at, dee.left_at) == (None, None, hashed, AT, AT)
    assert [count(noun) for noun in (SignupRequest, MailedLink, SubscriberTopic, Follow)] == [0] * 4
    assert [(row.deed, row.address, row.hash) for row in db.session.scalars(select(Consent))] == [
        (Deed.ASKED, "", hashed),
        (Deed.ERASED, "", hashed),
    ]
    assert [(row.address, row.domain, row.hash) for row in db.session.scalars(select(Delivery))] == [
        ("", "", hashed)
    ]
    assert [bounce.status for bounce in db.session.scalars(select(Bounce))] == ["4.2.2"]
    assert db.session.get_one(Suppression, hashed).reason == "erased"


def test_erasing_twice_changes_nothing(app: Flask) -> None:
    dee = subscribe()
    with write():
        erase(dee, Method.PAGE, at=AT)
    with write():
        assert erase(dee, Method.TEAM, at=AT + timedelta(days=1)) == set()
    assert (dee.erased_at, count(Consent)) == (AT, 2)


def test_an_earlier_address_is_erased_too_unless_it_is_somebody_elses_now(app: Flask) -> None:
    dee = subscribe()
    first = dee.hash
    with write() as session:
        new = confirmed("new@example.org")
        dee.address, dee.key, dee.hash = new.address, new.key, new.hash
        changed = {"deed": Deed.CHANGED_ADDRESS, "address": "new@example.org", "hash": dee.hash}
        session.add(Consent(subscriber_id=dee.id, at=AT, **changed))
    assert hashes_of(dee) == {first, dee.hash}
    with write() as session:
        session.add(confirmed(TYPED))
    assert hashes_of(dee) == {dee.hash}
    with write():
        assert erase(dee, Method.PAGE, at=AT) == {TYPED, "new@example.org"}
    assert db.session.get(Suppression, first) is None
    assert db.session.scalars(select(Subscriber.address).where(Subscriber.hash == first)).all() == [TYPED]


def test_a_change_to_the_address_that_somebody_else_asked_for_is_forgotten(app: Flask) -> None:
    dee = subscribe()
    with write() as session:
        cy = confirmed(OTHER)
        session.add(cy)
        session.flush()
        data = {"address": TYPED, "key": dee.key, "hash": dee.hash}
        session.add(MailedLink(subscriber_id=cy.id, purpose=Purpose.ADDRESS, made_at=AT, seed="", data=data))
    with write():
        erase(dee, Method.PAGE, at=AT)
    assert count(MailedLink) == 0


def test_whom_an_older_database_still_knows_is_erased_again_and_who_came_later_is_not(app: Flask) -> None:
    dee = subscribe()
    hashed = dee.hash
    with write():
        erase_again(Event(hashed, "erased", AT - timedelta(seconds=1)))
    assert dee.address == TYPED
    with write():
        erase_again(Event(hashed, "erased", AT + timedelta(seconds=1)))
    assert {dee.address, dee.erased_at} == {None, AT + timedelta(seconds=1)}


def forms(typed: str) -> dict[str, bytes]:
    """Return every form in which an address could stand in a file."""
    local, _, domain = typed.partition("@")
    key = address_from(typed).key  # type: ignore[union-attr]  # it is an address
    texts = {"typed": typed, "lower": typed.lower(), "key": key, "local": local, "domain": domain}
    found = {name: value.encode() for name, value in texts.items()}
    found |= {f"{name}, UTF-16": value.encode("utf-16-le") for name, value in texts.items()}
    found |= {f"{name}, printable": quopri.encodestring(value.encode()) for name, value in texts.items()}
    for name, value in texts.items():
        for shift in range(3):  # base64 looks otherwise by where in three bytes a text begins
            whole = base64.b64encode(b"." * shift + value.encode())
            found[f"{name}, base64 from {shift}"] = whole[4 : -4 if whole.endswith(b"=") else None]
    return found


def places_of(folder: Path, typed: str) -> list[str]:
    """Return which files hold an address, and in which form."""
    return [
        f"{path.relative_to(folder)}: {name}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, form in forms(typed).items()
        if form in path.read_bytes()
    ]


def keep_mail(app: Flask, to: str, name: str) -> None:
    message = EmailMessage()
    message["To"], message["Subject"] = to, "Your letter"
    message.set_content(f"A letter to {to}.", cte="base64")
    folder = Path(app.config["INSTANCE"]) / "mail"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(message.as_bytes())


def test_an_address_that_a_record_names_elsewhere_is_erased_too(app: Flask) -> None:
    dee = subscribe("dee-of-the-cast@quiet.example.com")
    said: dict[str, Any] = {"subscriber_id": dee.id, "at": AT, "address": "", "hash": dee.hash}
    with write() as session:
        session.add(Consent(**said, deed=Deed.ASKED, page=f"/for/{dee.address}"))
        session.add(Consent(**said, deed=Deed.IMPORTED, method=Method.IMPORT, note=f"Card of {dee.address}"))
    with write():
        wiped = erase(dee, Method.TEAM, at=AT)
    assert wipe(wiped) is True
    assert places_of(Path(app.config["INSTANCE"]), "dee-of-the-cast@quiet.example.com") == []


@pytest.mark.parametrize("typed", [TYPED, "dee-with-a-long-name-indeed@quiet.example.com"])
def test_no_byte_of_an_erased_address_is_left_in_the_data_folder(app: Flask, typed: str) -> None:
    folder = Path(app.config["INSTANCE"])
    dee = subscribe(typed)
    with write() as session:
        session.add_all([confirmed(f"reader-{number}@elsewhere.example") for number in range(300)])
    for name, to in (("one.eml", typed), (".two.eml.part", typed), ("three.eml", OTHER)):
        keep_mail(app, to, name)
    assert {place.partition(":")[0] for place in places_of(folder, typed)} >= {
        "blog.sqlite3-wal",
        "mail/one.eml",
    }
    with write():
        addresses = erase(dee, Method.PAGE, at=AT)
    assert wipe(addresses) is True
    assert places_of(folder, typed) == []
    assert [path.name for path in sorted((folder / "mail").iterdir())] == ["three.eml"]
    assert db.session.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"


def test_erasing_one_of_many_reads_no_table_from_end_to_end(app: Flask) -> None:
    subscriber = subscribe()
    with write(), tables_scanned() as scanned:
        erase(subscriber, Method.PAGE, at=AT)
        db.session.flush()
    assert scanned == set()
