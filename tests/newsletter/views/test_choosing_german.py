"""On a German site every page that a mailed link opens is wholly German."""

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.erasing import erase
from blog.newsletter.links import fresh_url, leave_path, preferences_url
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose, Subscriber
from blog.newsletter.signup.wording import keep_shown_words
from blog.newsletter.verifying import ask_fresh_link
from tests.german import foreign, publish_german_journal
from tests.subscribers import confirmed

SITE = "https://journal.example.org"
MASKED = "a•••@b•••.org"


def subscribe() -> Subscriber:
    """Return a reader of a German journal with everything on record."""
    publish_german_journal()
    with write() as session:
        keep_shown_words()
        one = confirmed("anna@beispiel.example.org")
        session.add(one)
        session.flush()
        for deed in Deed:
            shared = {"subscriber_id": one.id, "address": "", "hash": one.hash, "at": now()}
            session.add(Consent(deed=deed, method=Method.PAGE, page="/impressum", **shared))
        ask_fresh_link(one, Purpose.ERASE, at=now())
        ask_fresh_link(one, Purpose.DOWNLOAD, at=now())
        ask_fresh_link(one, Purpose.ADDRESS, at=now(), to=address_from("anna@bund.example.org"))
    return one


def words(client: FlaskClient, path: str, **form: str) -> list[str]:
    """Return what is not German on a page, or on the one that a post answers with."""
    answer = client.post(path, data=form) if form else client.get(path)
    text = answer.text.replace("a•••@b•••.org", "Anna Muster")
    today = now().date().isoformat()
    return [
        word for word in foreign(text) if today not in word and not word.strip(". ").endswith(str(now().year))
    ]


def test_every_page_is_german(app: Flask, client: FlaskClient) -> None:
    anna = subscribe()
    preferences = preferences_url(anna, now()).removeprefix(SITE)
    fresh = [fresh_url(link).removeprefix(SITE) for link in db.session.scalars(select(MailedLink))]
    done = ("topics", "paused", "resumed", "sent", "enough")
    pages = [
        preferences,
        *(f"{preferences}?done={word}" for word in done),
        leave_path(anna),
        *fresh,
        fresh[0] + "x",
    ]
    found = {path: words(client, path) for path in pages}
    found["malformed"] = words(client, preferences, press="address", email="Anna Muster")
    found["left"] = words(client, leave_path(anna), **{"List-Unsubscribe": "One-Click"})
    found["out"] = words(client, preferences)
    found["back"] = words(client, leave_path(anna), press="undo")
    with write():
        anna.paused_until = now() + timedelta(days=1)
    found["resting"] = words(client, preferences)
    found["moved"] = words(client, next(path for path in fresh if "/address/" in path), press="x")
    found["erased"] = words(client, next(path for path in fresh if "/erase/" in path), press="x")
    with write():
        erase(anna, Method.TEAM, at=now())
    found["after erasing"] = words(client, leave_path(anna))
    assert found == {name: [] for name in found}
