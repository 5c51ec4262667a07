"""One press, or one post of a mail program, takes a person out; looking does nothing, and tells nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from blog.lib import locking
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.locking import writers_lock
from blog.newsletter.erasing import erase
from blog.newsletter.links import leave_url
from blog.newsletter.models import Consent, Deed, Method, Subscriber
from blog.outbox.remembering import SUPPRESSED_FILE
from blog.outbox.suppressing import is_suppressed, lift
from tests.markup import Shown
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
ONE_CLICK = "List-Unsubscribe=One-Click"
BOUNDARY = "a-boundary"
BODIES: dict[str, tuple[str | None, bytes]] = {
    "urlencoded": ("application/x-www-form-urlencoded", ONE_CLICK.encode()),
    "multipart": (
        f"multipart/form-data; boundary={BOUNDARY}",
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
            f"One-Click\r\n--{BOUNDARY}--\r\n"
        ).encode(),
    ),
    "nothing": (None, b""),
    "no type": (None, ONE_CLICK.encode()),
    "another type": ("text/plain", ONE_CLICK.encode()),
    "broken multipart": ("multipart/form-data; boundary=x", b"--y\r\nnonsense"),
    "another field": ("application/x-www-form-urlencoded", b"x=y"),
}
COOKIES: tuple[dict[str, str], ...] = ({}, {"Cookie": "session=nonsense; signup=abc"})
ORIGINS: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "https://mail.example.com", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "null"},
)
STATES = ("subscribed", "left", "erased")


@pytest.fixture
def dee(app: Flask) -> Subscriber:
    """Return Dee, who is subscribed."""
    with write() as session:
        session.add(confirmed())
    return db.session.scalars(select(Subscriber)).one()


@pytest.fixture
def path(dee: Subscriber) -> str:
    """Return the path in Dee's letters."""
    return leave_url(dee).removeprefix("https://journal.example.org")


@pytest.fixture
def at(app: Flask) -> Iterator[None]:
    """Let it be the moment of leaving."""
    with held_at(AT):
        yield


def deeds() -> list[tuple[Deed, Method | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(Consent).order_by(Consent.id))
    return [(row.deed, row.method) for row in rows]


def post(client: FlaskClient, path: str, body: str, *headers: dict[str, str]) -> TestResponse:
    kind, data = BODIES[body]
    together = {name: value for each in headers for name, value in each.items()}
    return client.post(path, data=data, content_type=kind, headers=together)


def everything() -> list[list[tuple[object, ...]]]:
    """Return all rows of all tables."""
    db.session.rollback()
    names = db.session.scalars(
        text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    ).all()
    return [[tuple(row) for row in db.session.execute(text(f'SELECT * FROM "{name}"'))] for name in names]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("body", BODIES)
def test_one_click_takes_out_whatever_the_mail_program_sends_with_it(
    client: FlaskClient, dee: Subscriber, path: str, body: str, state: str
) -> None:
    for cookie, origin, time in product(COOKIES, ORIGINS, (1, 2)):
        with write() as session:
            if state == "erased":
                erase(dee, Method.PAGE, at=AT)
            else:
                dee.left_at = AT if state == "left" else None
            session.execute(text("DELETE FROM suppression WHERE reason = 'left'"))
        for _ in range(time):
            answer = post(client, path, body, cookie, origin)
            assert (answer.status_code, answer.headers.getlist("Set-Cookie")) == (200, [])
            assert ("Location" in answer.headers, answer.headers["Cache-Control"]) == (False, "no-store")
        db.session.rollback()
        assert (dee.left_at is not None, is_suppressed(dee.hash)) == (True, True)


def test_what_a_mail_program_did_is_on_record_once(client: FlaskClient, dee: Subscriber, path: str) -> None:
    for body in ("urlencoded", "multipart"):
        post(client, path, body)
    assert deeds() == [(Deed.LEFT, Method.ONE_CLICK)]


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("token", ["x", "A" * 43, "-" * 43, "..", "%00", "ü" * 20])
def test_a_wrong_link_answers_the_same_whether_or_not_anybody_is_there(
    client: FlaskClient, dee: Subscriber, body: str, token: str
) -> None:
    answers = [post(client, f"/newsletter/leave/{token}", body)]
    with write() as session:
        session.execute(text("DELETE FROM subscriber"))
    answers.append(post(client, f"/newsletter/leave/{token}", body))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].data == answers[1].data
    assert token not in answers[0].text.replace("<", " ") or len(token) < 3


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH"])
def test_looking_changes_nothing(client: FlaskClient, dee: Subscriber, path: str, method: str) -> None:
    before = everything()
    client.open(path, method=method, headers={"Purpose": "prefetch"})
    assert everything() == before


def test_while_the_database_is_busy_it_is_not_said_that_anybody_is_out(
    client: FlaskClient, dee: Subscriber, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    with writers_lock():
        answer = post(client, path, "urlencoded")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert (deeds(), answer.headers["Cache-Control"]) == ([], "no-store")


def test_a_disk_that_takes_no_line_says_so_and_nobody_is_told_otherwise(
    client: FlaskClient, app: Flask, dee: Subscriber, path: str
) -> None:
    (Path(app.config["INSTANCE"]) / SUPPRESSED_FILE).mkdir()  # nothing can be written into it
    assert post(client, path, "urlencoded").status_code == 500
    assert deeds() == []
    db.session.expire_all()
    assert dee.left_at is None


def test_the_button_leads_back_to_the_page_which_offers_the_undo_for_half_an_hour(
    client: FlaskClient, dee: Subscriber, path: str
) -> None:
    with held_at(AT):
        asked = Shown(client.get(path).text)
        assert [named["value"] for tag, named in asked.elements if named.get("name") == "press"] == ["leave"]
        answer = client.post(path, data={"press": "leave"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, answer.location) == (303, path)
    for minutes, buttons in ((0, ["undo"]), (30, ["undo"]), (31, [])):
        with held_at(AT + timedelta(minutes=minutes)):
            page = Shown(client.get(path).text)
        assert [named["value"] for _, named in page.elements if named.get("name") == "press"] == buttons
    assert deeds() == [(Deed.LEFT, Method.PAGE)]


def test_the_undo_brings_back_and_is_recorded(
    client: FlaskClient, at: None, dee: Subscriber, path: str
) -> None:
    client.post(path, data={"press": "leave"})
    for _ in range(2):
        answer = client.post(path, data={"press": "undo"}, headers={"Sec-Fetch-Site": "same-origin"})
        assert (answer.status_code, "You are back" in answer.text) == (200, True)
    assert deeds() == [(Deed.LEFT, Method.PAGE), (Deed.CAME_BACK, Method.PAGE)]
    assert (dee.left_at, is_suppressed(dee.hash)) == (None, False)


def test_an_undo_from_another_site_is_refused(
    client: FlaskClient, at: None, dee: Subscriber, path: str
) -> None:
    client.post(path, data={"press": "leave"})
    answer = client.post(path, data={"press": "undo"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, deeds()) == (403, [(Deed.LEFT, Method.PAGE)])


def test_an_undo_that_comes_too_late_leaves_the_person_out(
    client: FlaskClient, dee: Subscriber, path: str
) -> None:
    with held_at(AT):
        client.post(path, data={"press": "leave"})
    with held_at(AT + timedelta(minutes=31)):
        answer = client.post(path, data={"press": "undo"})
    assert (answer.status_code, "You have left the newsletter" in answer.text) == (200, True)
    assert deeds() == [(Deed.LEFT, Method.PAGE)]


@pytest.mark.parametrize("state", STATES)
def test_nobody_may_keep_or_index_the_page_or_pass_its_address_on(
    client: FlaskClient, dee: Subscriber, path: str, state: str
) -> None:
    with write():
        if state == "erased":
            erase(dee, Method.PAGE, at=AT)
        dee.left_at = None if state == "subscribed" else AT
    answer = client.get(path)
    assert answer.status_code == 200
    headers = [answer.headers[name] for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")]
    assert headers == ["no-store", "noindex", "strict-origin"]
    assert path not in answer.text


def test_who_was_erased_and_confirmed_anew_is_out_by_the_link_in_an_old_letter(
    client: FlaskClient, dee: Subscriber, path: str, at: None
) -> None:
    with write() as session:
        erase(dee, Method.PAGE, at=AT - timedelta(days=9))
        session.flush()
        lift(dee.hash, at=AT - timedelta(days=2))
        session.add(confirmed())
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    db.session.expire_all()
    assert db.session.scalars(select(Subscriber.left_at).order_by(Subscriber.id)).all()[1] == AT
    assert 'value="undo"' in client.get(path).text
    client.post(path, data={"press": "undo"}, headers={"Sec-Fetch-Site": "same-origin"})
    db.session.expire_all()
    assert db.session.scalars(select(Subscriber.left_at).order_by(Subscriber.id)).all()[1] is None
