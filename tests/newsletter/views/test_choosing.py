"""The page of preferences does what its buttons say, shows no address, and writes nothing when it is looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.choosing import chosen_topics
from blog.newsletter.links import leave_path, preferences_url
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Subscriber
from blog.outbox.models import Delivery
from blog.outbox.suppressing import is_suppressed
from tests.building import article, category, save
from tests.markup import Shown
from tests.newsletter.views.test_leaving import everything
from tests.subscribers import confirmed

AT = datetime(2026, 1, 31, 9, tzinfo=UTC)
SAME = {"Sec-Fetch-Site": "same-origin"}


class Chooser:
    """Dee with the link to her preferences."""

    def __init__(self, client: FlaskClient, dee: Subscriber) -> None:
        self.client, self.dee = client, dee
        self.path = preferences_url(dee, AT).removeprefix("https://journal.example.org")

    def look(self, query: str = "") -> Shown:
        with held_at(AT):
            answer = self.client.get(self.path + query)
        assert answer.status_code == 200
        return Shown(answer.text)

    def press(self, button: str, status: int = 303, **fields: Any) -> str:
        """Press a button and return where it leads to, the path left out."""
        with held_at(AT):
            answer = self.client.post(self.path, data={"press": button, **fields}, headers=SAME)
        db.session.expire_all()
        assert answer.status_code == status
        return (answer.location or answer.text).removeprefix(self.path)

    def buttons(self) -> list[str]:
        return [named["value"] for tag, named in self.look().elements if named.get("name") == "press"]


@pytest.fixture
def dee(client: FlaskClient, app: Flask) -> Chooser:
    """Return Dee, who reads a journal of two categories."""
    save(article(category=category("Sleep")), article("Diet", category=category("Food")), category("Hidden"))
    with write() as session:
        session.add(confirmed("dee.long-name@mail.example.org"))
    return Chooser(client, db.session.scalars(select(Subscriber)).one())


def test_the_page_shows_the_choices_and_masks_the_address(dee: Chooser) -> None:
    page = dee.look()
    assert "Letters go to d•••@m•••.org." in page.text
    assert "dee.long-name" not in str(page.elements) + page.text
    assert dee.buttons() == [
        "topics",
        "pause-1",
        "pause-3",
        "pause-6",
        "leave",
        "address",
        "download",
        "erase",
    ]
    topics = [named["value"] for _, named in page.elements if named.get("name") == "topic"]
    assert topics == ["food", "sleep"]


def test_chosen_topics_are_kept_and_everything_is_everything_again(dee: Chooser) -> None:
    assert dee.press("topics", scope="chosen", topic=["sleep", "nonsense"]) == "?done=topics"
    assert (dee.dee.all_topics, [one.slug for one in chosen_topics(dee.dee)]) == (False, ["sleep"])
    checked = [named.get("value") for _, named in dee.look().elements if "checked" in named]
    assert checked == ["chosen", "sleep"]
    assert dee.press("topics", scope="all", topic=["sleep"]) == "?done=topics"
    assert (dee.dee.all_topics, chosen_topics(dee.dee)) == (True, [])


@pytest.mark.parametrize(
    ("months", "until"),
    [(1, (2026, 2, 28)), (3, (2026, 4, 30)), (6, (2026, 7, 31))],
)
def test_a_pause_ends_by_itself_or_by_a_button(
    dee: Chooser, months: int, until: tuple[int, int, int]
) -> None:
    assert dee.press(f"pause-{months}") == "?done=paused"
    assert dee.dee.paused_until == datetime(*until, 9, tzinfo=UTC)
    assert dee.buttons()[1:3] == ["resume", "leave"]
    assert dee.press("resume") == "?done=resumed"
    assert dee.dee.paused_until is None


def test_a_pause_for_letters_that_fail_says_so_and_can_be_ended(dee: Chooser) -> None:
    with write():
        dee.dee.bounce_score, dee.dee.paused_until = 5, AT + timedelta(days=90)
    sentence = "Letters to you could not be delivered lately. So they pause until"
    assert sentence in dee.look().text
    assert dee.press("resume") == "?done=resumed"
    assert sentence not in dee.look().text


def test_leaving_leads_to_the_page_with_the_undo(dee: Chooser) -> None:
    assert dee.press("leave") == leave_path(dee.dee)
    assert (dee.dee.left_at, is_suppressed(dee.dee.hash)) == (AT, True)
    assert dee.buttons() == ["download", "erase"]
    assert "No letters go to d•••@m•••.org." in dee.look().text


def test_the_record_of_consent_can_be_read(dee: Chooser) -> None:
    with write() as session:
        shared = {"subscriber_id": dee.dee.id, "address": "", "hash": dee.dee.hash, "at": AT}
        session.add(Consent(deed=Deed.ASKED, page="/articles/sleep", wording_id=1, **shared))
        session.add(Consent(deed=Deed.CONFIRMED, method=Method.CODE, **shared))
    text = dee.look().text
    assert "31 January 2026 Asked for the newsletter on the page /articles/sleep" in text
    assert "By signing up you agree that Broadsheet sends you its newsletter by e-mail." in text
    assert "31 January 2026 Confirmed with the code from the mail" in text


@pytest.mark.parametrize("purpose", ["download", "erase"])
def test_what_forwarded_letters_must_not_do_is_asked_for_by_mail(dee: Chooser, purpose: str) -> None:
    assert dee.press(purpose) == "?done=sent"
    mails = db.session.scalars(select(Delivery)).all()
    assert [(mail.kind, mail.address, mail.urgent) for mail in mails] == [("access", dee.dee.address, True)]
    assert [link.purpose for link in db.session.scalars(select(MailedLink))] == [purpose]
    assert "a link is on its way" in dee.look("?done=sent").text


def test_at_most_three_links_go_out_in_a_day(dee: Chooser) -> None:
    assert [dee.press("download") for _ in range(4)] == ["?done=sent"] * 3 + ["?done=enough"]
    assert db.session.query(Delivery).count() == 3


def test_a_malformed_address_comes_back_with_what_to_fix(dee: Chooser) -> None:
    page = Shown(dee.press("address", status=422, email="nobody"))
    assert "Please check the address; it should look like name@example.org." in page.text
    field = next(named for _, named in page.elements if named.get("name") == "email")
    assert (field["value"], field["aria-invalid"]) == ("nobody", "true")


def test_looking_changes_nothing(dee: Chooser) -> None:
    before = everything()
    for method in ("GET", "HEAD", "OPTIONS"):
        dee.client.open(dee.path, method=method)
    assert everything() == before


def test_a_post_from_another_site_or_of_an_unknown_button_changes_nothing(dee: Chooser) -> None:
    before = everything()
    answer = dee.client.post(dee.path, data={"press": "leave"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (403, "no-store")
    dee.press("pause-12", status=400)
    dee.press("", status=400)
    assert everything() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_is_wrong_or_too_old_answers_the_same_whoever_it_was_for(
    dee: Chooser, method: str
) -> None:
    def ask(path: str, days: int = 0) -> tuple[int, bytes]:
        with held_at(AT + timedelta(days=days)):
            answer = dee.client.open(path, method=method, data={"press": "leave"} if method == "POST" else {})
        return answer.status_code, answer.data

    folder, _, token = dee.path.rpartition("/")
    found = {
        ask(dee.path, 91),
        ask(f"{folder}/{token[:-1]}"),
        ask(f"{folder}/{'A' * len(token)}"),
        ask(f"{folder}/x"),
    }
    with write():
        dee.dee.erased_at = AT
    found.add(ask(dee.path))
    assert [status for status, _ in found] == [404]
    db.session.expire_all()
    assert dee.dee.left_at is None
