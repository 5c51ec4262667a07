"""Who signed up before there was a confirmation mail gets theirs after the upgrade, paced, and can confirm."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.links import leave_token_of, subscriber_who_may_leave
from blog.newsletter.models import Consent, Deed, MailedLink, SignupRequest, Subscriber
from blog.newsletter.signup.codes import confirm_url
from blog.newsletter.signup.confirming import Finding, confirm_by_link
from blog.site.cli import set_up
from tests.conftest import Start, environment_in
from tests.lib.processes import eventually
from tests.newsletter.asking import mails, worked
from tests.worker.test_cli import working

THEN = "2025-06-02T10:00:00.000000"
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PEOPLE = ("ann", "ben", "cy")
LOOK = timedelta(seconds=15)


@pytest.fixture
def upgraded(tmp_path: Path, start: Start) -> Iterator[Flask]:
    """Return the application on a database of the version before, in which people signed up, that was upgraded."""
    application = start(environment_in(tmp_path))
    with application.app_context():
        flask_migrate.upgrade(revision="0005")
        sign_up(tmp_path / "blog.sqlite3")
        set_up()
        yield application
        db.session.remove()


def sign_up(path: Path) -> None:
    """Keep signups as the version before did: Ann asked twice, and Cy so often that mail was to wait."""
    with closing(sqlite3.connect(path)) as old, old:
        for number, name in enumerate(PEOPLE, 1):
            email = f"{name}@example.org"
            old.execute("INSERT INTO subscriber VALUES (?, ?, ?, ?, ?)", (number, email, email, THEN, THEN))
            for _ in range(2 if name == "ann" else 1):
                old.execute(
                    "INSERT INTO consent (subscriber_id, address, asked_at, page, place, mail_later)"
                    " VALUES (?, ?, ?, '/articles/sleep', 'article-1', ?)",
                    (number, email, THEN, name == "cy"),
                )


def test_they_are_mailed_one_by_one(upgraded: Flask) -> None:
    asked = db.session.scalars(select(SignupRequest).order_by(SignupRequest.subscriber_id)).all()
    assert [(one.subscriber_id, one.consent_id, one.later) for one in asked] == [
        (1, 2, True),
        (2, 3, True),
        (3, 4, True),
    ]
    for number in range(len(PEOPLE) + 1):
        worked(AT + number * LOOK)
        assert [to for _, to in mails()] == [f"{name}@example.org" for name in PEOPLE[: number + 1]]


def test_the_link_in_their_mail_confirms_with_the_proof_of_then(upgraded: Flask) -> None:
    worked(AT)
    (link,) = db.session.scalars(select(MailedLink)).all()
    with held_at(AT), write():
        token = confirm_url(link).rpartition("/")[2]
        assert confirm_by_link(token, browser="", pressed=True, at=AT) is Finding.CONFIRMED
    proof = db.session.scalars(select(Consent).where(Consent.deed == Deed.CONFIRMED)).one()
    assert (proof.address, proof.page, proof.asked_id) == ("ann@example.org", "/articles/sleep", 2)
    ann = db.session.get_one(Subscriber, 1)
    assert subscriber_who_may_leave(leave_token_of(ann.seed)) is ann


def test_the_real_worker_mails_the_first_of_them_at_once(upgraded: Flask, tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with working(tmp_path, BLOG_SITE_URL="https://journal.example.org") as process:
        assert eventually(lambda: any(folder.glob("*.eml")))
        process.terminate()
        assert process.communicate(timeout=60)[1] == ""
    (first,) = folder.glob("*.eml")
    assert "To: ann@example.org" in first.read_text("ascii")
