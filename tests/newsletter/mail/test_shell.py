"""Every mail, whatever it says: both parts say the same, nothing is fetched, it can be read in the dark."""

import re

import pytest
from flask import Flask

from blog.lib.colour import contrast
from blog.lib.db import write
from blog.newsletter.mail.shell import letter_from, tidy
from blog.outbox.kinds import Letter
from blog.settings.declaring import choose
from tests.german import foreign
from tests.markup import Shown

from .samples import HOME, LINKS, every_mail

NAMES = (
    *(
        "confirmation",
        "already",
        "welcome",
        "address",
        "move",
        "download",
        "erase",
        "wish",
        "follow",
        "notice",
    ),
)
TO_SUBSCRIBERS = ("already", "welcome", "follow")
ADDRESS = "Example Institute, 12 Harbour Street, Hamburg"


@pytest.fixture
def mails(app: Flask) -> dict[str, Letter]:
    """Return every mail of a site that has a postal address and an ampersand in its name."""
    with write():
        choose("site.title", "Sleep & Health")
        choose("site.postal_address", ADDRESS)
    return every_mail()


def links_in(text: str) -> set[str]:
    return set(re.findall(r"https?://[^\s<>\"]+", text))


def test_the_samples_are_all_there_are(mails: dict[str, Letter]) -> None:
    assert tuple(mails) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_text_and_html_say_the_same_links_and_who_sends(mails: dict[str, Letter], name: str) -> None:
    letter = mails[name]
    shown = Shown(letter.html)
    assert set(shown.links()) == links_in(letter.text)
    for said in (shown.text, letter.text):
        assert "Sleep & Health" in said
        assert ADDRESS in said


@pytest.mark.parametrize("name", TO_SUBSCRIBERS)
def test_who_is_subscribed_can_leave_and_choose_from_both_parts(mails: dict[str, Letter], name: str) -> None:
    letter = mails[name]
    assert {LINKS.leave, LINKS.preferences} <= set(Shown(letter.html).links())
    assert {LINKS.leave, LINKS.preferences} <= links_in(letter.text)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_fetched_when_a_mail_is_opened(mails: dict[str, Letter], name: str) -> None:
    html = mails[name].html
    assert [
        tag for tag, _ in Shown(html).elements if tag in ("img", "link", "script", "iframe", "object")
    ] == []
    assert re.findall(r"url\(|@import|<form|\bsrc=|background=", html) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_mail_is_one_document_with_its_language_and_its_styles_in_the_elements(
    mails: dict[str, Letter], name: str
) -> None:
    html = mails[name].html
    shown = Shown(html)
    assert html.startswith("<!DOCTYPE html>")
    assert [element["lang"] for element in shown.all("html")] == ["en"]
    assert (shown.title, shown.meta("color-scheme")) == (mails[name].subject, "light dark")
    sheets = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert [sheet.split("{")[0].strip() for sheet in sheets] == ["@media (prefers-color-scheme: dark)"]
    assert "max-width: 552px" in shown.all("div", class_="page")[0]["style"]


@pytest.mark.parametrize("name", NAMES)
def test_no_subject_shouts_and_no_mail_is_large(mails: dict[str, Letter], name: str) -> None:
    letter = mails[name]
    assert "!" not in letter.subject
    assert len(letter.html) + len(letter.text) < 8_000


@pytest.mark.parametrize("name", NAMES)
def test_every_mail_is_wholly_german_where_the_site_is(app: Flask, name: str) -> None:
    with write():
        choose("site.language", "de")
        choose("site.title", "Schlafblatt")
    letter = every_mail()[name]
    own = {"Schlafblatt", "Schlaf & <i>Gedächtnis</i>", "Der Versand <ruht>."}
    spoken = [said for said in foreign(letter.html) if said not in own and not said.startswith(f"{HOME}/")]
    assert [
        said for said in spoken if not re.fullmatch(r"\d{3}|\[if mso\].*|@media.*", said, re.DOTALL)
    ] == []
    assert [element["lang"] for element in Shown(letter.html).all("html")] == ["de"]


def test_the_words_and_the_button_can_be_read_on_every_accent(app: Flask) -> None:
    for accent in ("#0b5a5e", "#7a1f5c", "#20409a"):
        with write():
            choose("site.accent", accent)
        html = every_mail()["confirmation"].html
        ground, night = (
            re.search(rf"background: ({accent});", html),
            re.search(r"a\.button {\s+background: (\S+)", html),
        )
        assert ground
        assert night
        assert contrast(ground[1], "#fdfdfb") >= 4.5
        assert contrast(night[1], "#15191b") >= 4.5


def test_a_button_is_48_pixels_high_and_links_of_the_foot_44(mails: dict[str, Letter]) -> None:
    button = Shown(mails["confirmation"].html).all("a", class_="button")[0]["style"]
    target = Shown(mails["already"].html).all("a", class_="target")[0]["style"]
    assert "padding: 14px 28px" in button
    assert "16px/20px" in button
    assert "padding: 12px 0" in target
    assert "line-height: 20px" in target


def test_what_an_author_wrote_is_text_and_no_markup(mails: dict[str, Letter]) -> None:
    assert "Schlaf &amp; &lt;i&gt;Gedächtnis&lt;/i&gt;" in mails["follow"].html
    assert "Schlaf & <i>Gedächtnis</i>" in mails["follow"].text
    assert "Sleep &amp; Health" in mails["follow"].html


@pytest.mark.usefixtures("app")
def test_a_site_without_a_postal_address_leaves_no_gap() -> None:
    _, text = letter_from("already", subject="x", links=LINKS)
    assert "\n----\n\nWas it not you? Then nothing has changed.\n\nBroadsheet\n\nTopics and pauses:\n" in text


def test_text_is_tidied() -> None:
    assert tidy("\n\na  \n\n\n\n  b\t\nc\n\n") == "a\n\n  b\nc\n"
