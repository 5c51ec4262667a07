"""A fresh link is good for one purpose, once, for an hour; then everybody sees the same page."""

import json
import re
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from blog.lib.addresses import address_from
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.links import fresh_url, leave_url
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose, Subscriber
from blog.newsletter.verifying import ACCESS, ask_fresh_link
from blog.outbox.models import Delivery
from blog.outbox.suppressing import is_suppressed, suppress
from tests.newsletter.test_erasing import places_of
from tests.newsletter.views.test_leaving import everything
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
OLD, NEW = "dee-of-the-cast@old.example.org", "Dee@new.example.org"
SAME = {"Sec-Fetch-Site": "same-origin"}
GOOD = timedelta(hours=1)


@pytest.fixture
def dee(client: FlaskClient) -> Subscriber:
    """Return Dee, who is subscribed."""
    with write() as session:
        session.add(confirmed(OLD))
    return db.session.scalars(select(Subscriber)).one()


def ask(dee: Subscriber, purpose: Purpose, to: str = "") -> list[tuple[str, str]]:
    """Ask for a link; return to whom mails go, and which path of a link each carries."""
    with write():
        assert ask_fresh_link(dee, purpose, at=AT, to=address_from(to)) is True
    return links_mailed()


def links_mailed() -> list[tuple[str, str]]:
    """Return to whom mails went so far, and which path of a link each carries."""
    found = []
    for delivery in db.session.scalars(
        select(Delivery).where(Delivery.kind == "access").order_by(Delivery.id)
    ):
        with held_at(AT):
            letter = ACCESS.compose(delivery)
        if letter is None:  # its link was used meanwhile
            continue
        path = re.search(r"/newsletter/preferences/[a-z]+/\S+", letter.text)
        found.append((letter.to, path[0] if path else ""))
    return found


def allow_move(client: FlaskClient, dee: Subscriber, to: str = NEW) -> str:
    """Ask for a change of address and allow it at the old one; return the path of the link that the new one got."""
    (_, allowing) = ask(dee, Purpose.ADDRESS, to)[-1]
    assert go(client, allowing).status_code == 200
    return links_mailed()[-1][1]


def go(client: FlaskClient, path: str, method: str = "POST", after: timedelta = timedelta(0)) -> TestResponse:
    with held_at(AT + after):
        answer = client.open(path, method=method, headers=SAME)
    db.session.expire_all()
    return answer


def test_an_address_changes_when_the_old_one_allows_it_and_the_new_one_confirms_it(
    client: FlaskClient, dee: Subscriber
) -> None:
    [(to, allowing)] = ask(dee, Purpose.ADDRESS, NEW)
    assert (to, "D•••@n•••.org" in go(client, allowing, "GET").text) == (OLD, True)
    assert (go(client, allowing).status_code, go(client, allowing).status_code) == (200, 404)
    [(to, confirming)] = links_mailed()
    assert (to, dee.address) == (NEW, OLD)
    link = leave_url(dee)
    page = go(client, confirming, "GET")
    assert (page.status_code, "D•••@n•••.org" in page.text) == (200, True)
    assert dee.address == OLD
    assert go(client, confirming).status_code == 200
    assert (dee.address, dee.key) == (NEW, NEW.lower())
    assert [(row.deed, row.address) for row in db.session.scalars(select(Consent))] == [
        (Deed.CHANGED_ADDRESS, NEW)
    ]
    assert leave_url(dee) == link
    assert go(client, confirming).status_code == 404


@pytest.mark.parametrize("why", ["somebody else's", "suppressed", "mailed twice today"])
def test_an_address_that_cannot_be_used_gets_no_mail_and_nobody_is_told(
    client: FlaskClient, dee: Subscriber, why: str
) -> None:
    with write() as session:
        other = confirmed(NEW)
        if why == "somebody else's":
            session.add(other)
        elif why == "suppressed":
            suppress(other.hash, "left", at=AT)
        else:
            mailed = {"kind": "access", "urgent": True, "hash": other.hash, "domain": "x", "made_at": AT}
            session.add_all([Delivery(**mailed, next_try_at=AT, state="sent") for _ in range(2)])
    with write():
        assert ask_fresh_link(dee, Purpose.ADDRESS, at=AT, to=address_from(NEW)) is True
    link = db.session.scalars(select(MailedLink)).one()
    answer = go(client, urlsplit(fresh_url(link)).path)
    assert (answer.status_code, "If that address can be used" in answer.text) == (200, True)
    to = db.session.scalars(select(Delivery.address).where(Delivery.recipient_id == dee.id)).all()
    assert to == [OLD]
    assert db.session.scalars(select(MailedLink.data)).all() == [{}]


def test_an_address_that_became_somebody_elses_meanwhile_stays_theirs(
    client: FlaskClient, dee: Subscriber
) -> None:
    link = allow_move(client, dee)
    with write() as session:
        session.add(confirmed(NEW))
    assert go(client, link).status_code == 404
    assert dee.address == OLD


def test_everything_held_comes_as_a_file_once(client: FlaskClient, dee: Subscriber) -> None:
    (_, link) = ask(dee, Purpose.DOWNLOAD)[0]
    assert go(client, link, "GET").status_code == 200
    answer = go(client, link)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="newsletter.json"'
    held = json.loads(answer.text)
    assert list(held) == [
        "subscriber", "topics", "record", "requests", "links_mailed", "deliveries", "follows", "bounces", "suppressed",
    ]  # fmt: skip
    assert (held["subscriber"]["address"], held["topics"]) == (OLD, "all")
    assert [mail["kind"] for mail in held["deliveries"]] == ["access"]
    assert go(client, link).status_code == 404


def test_erasing_takes_one_press_and_leaves_no_byte(client: FlaskClient, app: Flask, dee: Subscriber) -> None:
    (_, link), leaving = ask(dee, Purpose.ERASE)[0], leave_url(dee)
    page = go(client, link, "GET")
    assert "Backups keep the address for 30 days at most." in page.text
    assert dee.address == OLD
    answer = go(client, link)
    assert (answer.status_code, "You are erased" in answer.text) == (200, True)
    db.session.expire_all()
    assert db.session.scalars(select(Subscriber.address)).all() == [None]
    assert is_suppressed(dee.hash) is True
    assert places_of(Path(app.config["INSTANCE"]), OLD) == []
    assert go(client, link).status_code == 404
    assert client.post(leaving, data={"List-Unsubscribe": "One-Click"}).status_code == 200


@pytest.mark.parametrize("purpose", ["address", "move", "download", "erase"])
def test_a_link_that_is_wrong_used_old_or_for_something_else_shows_everybody_the_same_page(
    client: FlaskClient, dee: Subscriber, purpose: str
) -> None:
    if purpose == "move":
        link = allow_move(client, dee)
    else:
        link = ask(dee, Purpose(purpose), NEW if purpose == "address" else "")[-1][1]
    folder, _, token = link.rpartition("/")
    others = [one for one in ("address", "move", "download", "erase") if one != purpose]
    wrong = [f"/newsletter/preferences/{other}/{token}" for other in others]
    wrong += [f"{folder}/{token[:-1]}", f"{folder}/{'A' * len(token)}", f"{folder}/x"]
    before = everything()
    found = {
        (answer.status_code, answer.data, answer.headers["Cache-Control"])
        for method in ("GET", "POST")
        for answer in [
            *(go(client, path, method) for path in wrong),
            go(client, link, method, GOOD + timedelta(seconds=1)),
            go(client, link, method, -timedelta(seconds=1)),
        ]
    }
    assert [(status, rule) for status, _, rule in found] == [(404, "no-store")]
    assert everything() == before
    assert go(client, link, "GET", GOOD).status_code == 200


def test_looking_and_foreign_posts_change_nothing(client: FlaskClient, dee: Subscriber) -> None:
    link = ask(dee, Purpose.ERASE)[0][1]
    before = everything()
    for method in ("GET", "HEAD", "OPTIONS"):
        go(client, link, method)
    assert client.post(link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert everything() == before


@pytest.mark.parametrize(
    ("reason", "goes"), [("left", True), ("bounced", False), ("complained", False), ("erased", False)]
)
def test_who_left_may_still_ask_what_is_held_and_who_complained_gets_nothing(
    client: FlaskClient, dee: Subscriber, reason: str, goes: bool
) -> None:
    ask(dee, Purpose.DOWNLOAD)
    with write():
        leave(dee, Method.PAGE, at=AT, reason=reason)
        assert ACCESS.may_still_send(db.session.scalars(select(Delivery)).one()) is goes


def test_a_link_that_waited_too_long_for_its_mail_is_not_mailed(client: FlaskClient, dee: Subscriber) -> None:
    ask(dee, Purpose.DOWNLOAD)
    with held_at(AT + GOOD + timedelta(seconds=1)):
        assert ACCESS.compose(db.session.scalars(select(Delivery)).one()) is None


PATHS = (
    "leave",
    "preferences",
    "preferences/address",
    "preferences/move",
    "preferences/download",
    "preferences/erase",
)
TOKENS = st.one_of(
    st.text(max_size=60),
    st.binary(max_size=60).map(lambda raw: urlsafe_b64encode(raw).decode().rstrip("=")),
    st.text("AZaz09-_", min_size=1, max_size=140),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(PATHS), TOKENS, st.sampled_from(["GET", "POST"]), st.binary(max_size=80))
def test_nothing_that_stands_in_place_of_a_token_opens_or_breaks_anything(
    client: FlaskClient, dee: Subscriber, folder: str, token: str, method: str, body: bytes
) -> None:
    before = everything()
    path = f"/newsletter/{folder}/{quote(token, safe='')}"
    form: dict[str, Any] = {
        "data": b"press=leave&x=" + body,
        "content_type": "application/x-www-form-urlencoded",
    }
    answer = client.open(path, method=method, headers=SAME, **(form if method == "POST" else {}))
    assert answer.status_code in (404, 405, 308, 400)  # 400: a form that cannot be read
    assert everything() == before
