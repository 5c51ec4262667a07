"""A letter that was forwarded moves nobody's secrets: what a stranger reaches by a change of address, and what not."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.lib.addresses import address_from
from blog.lib.db import db, write
from blog.newsletter.links import fresh_url
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose, Subscriber
from blog.newsletter.signup.breaker import domain_cap
from blog.newsletter.verifying import ACCESS, ask_fresh_link, ask_new_address, usable
from blog.outbox.kinds import KINDS
from blog.outbox.models import Delivery, State
from blog.settings.declaring import choose
from tests.newsletter.asking import answers, asked, mails, worked
from tests.newsletter.views.test_verifying import AT, NEW, OLD, allow_move, ask, dee, go
from tests.subscribers import confirmed

__all__ = ["dee"]
DAY = timedelta(days=1)


def subscribed_by_form(dee: Subscriber) -> None:
    """Let Dee's own request and a list with her name in it be on record."""
    said: dict[str, Any] = {"subscriber_id": dee.id, "at": AT, "address": OLD, "hash": dee.hash}
    with write() as session:
        session.add(Consent(**said, deed=Deed.ASKED, page="/articles/sleep"))
        session.add(Consent(**said, deed=Deed.IMPORTED, method=Method.IMPORT, note=f"A letter of {OLD}"))
        session.add(
            Delivery(
                kind="letter", urgent=False, recipient_id=0, about_id=0, hash=dee.hash,
                domain="old.example.org", made_at=AT, next_try_at=AT, state=State.SENT,
                answer="250 for dee-of-the-cast",
            )
        )  # fmt: skip


def mailed_to_new_ones(asking: Subscriber, typed: str, *, after: timedelta = timedelta(0)) -> list[str]:
    """Ask for a change of address, and allow it; return the new addresses that were mailed, by this or before."""
    with write():
        ask_fresh_link(asking, Purpose.ADDRESS, at=AT + after, to=address_from(typed))
        allowing = (
            select(MailedLink).where(MailedLink.subscriber_id == asking.id).order_by(MailedLink.id.desc())
        )
        link = db.session.scalars(allowing.where(MailedLink.purpose == Purpose.ADDRESS)).first()
        assert link is not None
        ask_new_address(link, at=AT + after)
    old = {one.address for one in db.session.scalars(select(Subscriber))}
    mailed = db.session.scalars(
        select(Delivery.address).where(Delivery.kind == "access").order_by(Delivery.id)
    )
    return [address for address in mailed if address not in old]


def test_whoever_moved_a_subscription_is_not_told_whose_it_was(client: FlaskClient, dee: Subscriber) -> None:
    moving = allow_move(client, dee)
    subscribed_by_form(dee)
    assert go(client, moving).status_code == 200
    with write():
        ask_fresh_link(dee, Purpose.DOWNLOAD, at=AT)
    link = db.session.scalars(select(MailedLink).where(MailedLink.purpose == Purpose.DOWNLOAD)).one()
    held = go(client, urlsplit(fresh_url(link)).path).text
    assert ("dee-of-the-cast" in held, "old.example" in held) == (False, False)
    read = json.loads(held)
    assert [(deed["deed"], deed["address"]) for deed in read["record"]] == [
        ("asked", "d•••@o•••.org"), ("imported", "d•••@o•••.org"), ("changed address", NEW),
    ]  # fmt: skip


def test_a_letter_that_was_forwarded_moves_nothing(client: FlaskClient, dee: Subscriber) -> None:
    letters = ask(dee, Purpose.ADDRESS, "thief@example.net")
    assert [to for to, _ in letters] == [OLD]
    assert db.session.scalars(select(Delivery.address)).all() == [OLD]


def test_links_that_were_mailed_to_the_old_address_are_worth_nothing_after_a_change(
    client: FlaskClient, dee: Subscriber
) -> None:
    (_, erasing), *_ = ask(dee, Purpose.ERASE)
    other = ask(dee, Purpose.ADDRESS, "thief@example.net")[-1][1]
    moving = allow_move(client, dee)
    assert go(client, moving).status_code == 200
    assert [go(client, link).status_code for link in (moving, erasing, other)] == [404, 404, 404]
    assert dee.address == NEW
    links = db.session.scalars(select(MailedLink)).all()
    assert [link.used_at for link in links] == [AT] * 4
    assert usable(Purpose.ERASE, erasing.rpartition("/")[2], AT) is None


def test_a_signup_at_the_old_address_that_still_waits_brings_the_new_one_no_mail(
    client: FlaskClient, dee: Subscriber
) -> None:
    moving = allow_move(client, dee)
    asked(OLD, at=AT)
    assert go(client, moving).status_code == 200
    worked(AT)
    assert (mails("already", "confirmation"), answers()) == ([], ["the address changed since"])


def test_one_address_gets_four_links_of_strangers_in_a_month(client: FlaskClient, dee: Subscriber) -> None:
    for day in range(6):
        mailed = mailed_to_new_ones(dee, NEW, after=day * DAY)
    assert mailed == [NEW] * 4
    assert mailed_to_new_ones(dee, NEW, after=31 * DAY) == [NEW] * 5


def test_links_to_new_addresses_are_under_the_caps_of_signing_up(
    client: FlaskClient, dee: Subscriber
) -> None:
    with write() as session:
        choose(domain_cap.key, "3")
        session.add_all(confirmed(f"puppet{number}@example.net") for number in range(5))
    for puppet in db.session.scalars(select(Subscriber)).all():
        mailed = mailed_to_new_ones(puppet, f"victim{puppet.id}@example.com")
    assert mailed == [f"victim{number}@example.com" for number in (1, 2, 3)]


def test_the_kind_of_mail_is_declared(app: Flask) -> None:
    assert KINDS["access"] is ACCESS
