"""Every version of the words beside the form is kept, and the form carries which one it showed."""

from datetime import datetime

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.models import Wording
from blog.newsletter.signup.wording import keep_shown_words, key_of, recorded, shown_words
from blog.settings.declaring import choose
from tests.newsletter.conftest import StoppedClock
from tests.newsletter.visiting import HTMX, Reading, Visitor

FIRST = (
    "By signing up you agree that Broadsheet sends you its newsletter by e-mail. You can leave at any time."
)
GERMAN = "SELECT text FROM wording WHERE language = 'de'"


def changed(application: Flask, key: str, value: str) -> None:
    with application.app_context(), write():
        choose(key, value)


def texts(visitor: Visitor) -> list[str]:
    return [text for (text,) in visitor.rows("SELECT text FROM wording ORDER BY id")]


def test_the_words_are_recorded_when_the_site_is_set_up(visitor: Visitor) -> None:
    assert visitor.rows("SELECT key, language, text FROM wording") == [(key_of(FIRST), "en", FIRST)]


def test_the_form_shows_the_words_and_carries_their_key(visitor: Visitor) -> None:
    page = visitor.get("/newsletter")
    assert Reading(page).forms[0].values["wording"] == key_of(FIRST)
    assert FIRST in page.text


def test_another_title_is_another_wording(visitor: Visitor) -> None:
    changed(visitor.application, "site.title", "The Linden Journal")
    assert texts(visitor) == [FIRST, FIRST.replace("Broadsheet", "The Linden Journal")]


def test_a_publisher_is_named_instead_of_the_title(visitor: Visitor) -> None:
    changed(visitor.application, "site.publisher", "Linden Street Clinic")
    assert texts(visitor)[1:] == [FIRST.replace("Broadsheet", "Linden Street Clinic")]


def test_another_language_is_another_wording(visitor: Visitor) -> None:
    changed(visitor.application, "site.language", "de")
    assert len(texts(visitor)) == 2
    assert [text == FIRST for (text,) in visitor.rows(GERMAN)] == [False]


def test_what_does_not_change_the_words_records_nothing(visitor: Visitor) -> None:
    changed(visitor.application, "site.tagline", "Plain answers")
    changed(visitor.application, "site.title", "Broadsheet")
    assert texts(visitor) == [FIRST]


def test_a_change_that_is_refused_records_nothing(app: Flask) -> None:
    def fail() -> None:
        with write():
            choose("site.title", "The Linden Journal")
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    assert [row.text for row in db.session.query(Wording)] == [FIRST]


def test_a_page_from_last_week_records_exactly_the_words_it_showed(
    visitor: Visitor, clock: StoppedClock
) -> None:
    old = Reading(visitor.get("/newsletter")).forms[0].values
    clock.pass_by(days=7)
    changed(visitor.application, "site.title", "The Linden Journal")
    assert visitor.post(data={**old, "email": "dee@example.org"}, headers=HTMX).status_code == 200
    sql = "SELECT text FROM consent JOIN wording ON wording.id = wording_id"
    assert visitor.rows(sql) == [(FIRST,)]


def test_a_wording_that_comes_back_keeps_its_row(visitor: Visitor) -> None:
    changed(visitor.application, "site.title", "The Linden Journal")
    changed(visitor.application, "site.title", "Broadsheet")
    assert len(texts(visitor)) == 2


def test_a_wording_is_never_changed_once_it_is_made(app: Flask, clock: StoppedClock) -> None:
    def made() -> datetime:
        return db.session.query(Wording).one().made_at

    before = made()
    clock.pass_by(days=7)
    with write():
        keep_shown_words()
    assert made() == before


def test_words_that_are_shown_are_recorded_even_if_nobody_did_so_before(app: Flask) -> None:
    with write() as session:
        session.query(Wording).delete()
    with write():
        found = recorded(key_of(shown_words()))
    assert [(row.id, row.text) for row in db.session.query(Wording)] == [(found, FIRST)]


def test_a_key_of_no_words_is_no_wording(app: Flask) -> None:
    assert recorded("0123456789abcdef") is None
