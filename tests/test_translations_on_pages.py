"""A German site is German throughout: every page, every answer, what is read aloud and what programs read."""

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from werkzeug.exceptions import Forbidden, Gone, HTTPException, RequestEntityTooLarge, TooManyRequests

from blog.lib.db import db, write
from blog.lib.locking import Busy
from blog.lib.words import gettext, number
from blog.newsletter.signup.forms import SignupForm
from blog.settings.declaring import choose
from blog.transfer.rerendering import rerender
from tests.conftest import Reader

from .building import article, save
from .german import foreign, publish_german_journal

ARTICLE = "/articles/schlaf-und-gedachtnis"
PAGES = (
    *(
        "/",
        "/articles",
        "/articles?page=2",
        ARTICLE,
        "/articles/artikel-nummer-1",
        "/categories/schlaf?page=2",
    ),
    *("/tags/merken", "/people/anna-muster", "/people/anna-muster?page=2", "/people/bert-muster", "/faq"),
    *("/faq?q=schlaf", "/faq?q=zwieback", "/faq/wie-viel-schlaf-reicht", "/faq/wie-lange", "/search"),
    *("/search?q=nummer", "/search?q=zwieback", "/search/results?q=nummer", "/search/results?q=zwieback"),
    *("/newsletter", "/newsletter/thanks", "/impressum"),
)


@pytest.fixture
def german(application: Flask) -> Iterator[FlaskClient]:
    """Return a reader of a German journal, on the application as it runs."""
    with application.app_context():
        publish_german_journal()
        db.session.remove()
    yield Reader(application, application.response_class, use_cookies=False)
    with application.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_wholly_german(german: FlaskClient, path: str) -> None:
    response = german.get(path)
    assert (response.status_code, foreign(response.text)) == (200, [])
    assert path.startswith("/search/results") or '<html lang="de">' in response.text


def test_a_foreign_word_is_seen() -> None:
    markup = """<title>Neu erschienen · Schlafblatt</title><p>Von <a title="Read on">Anna Muster</a>, Dr. med.
    <time>February 7, 2025</time> <time>7. Februar 2025</time><b data-oops="Oops! Sorry.">3 Ergebnisse</b>
    <script type="application/ld+json">{"@type": "FAQPage", "name": "FAQ"}</script>"""
    assert foreign(markup) == ["Read on", "February 7, 2025", "Oops! Sorry.", "FAQ"]


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"email": ""}, "Bitte geben Sie Ihre E-Mail-Adresse ein."),
        ({"email": "anna"}, "Bitte prüfen Sie die Adresse; sie sollte aussehen wie name@example.org."),
        ({"email": "anna@example.org", "website": "x"}, "Bitte klicken Sie noch einmal."),
    ],
)
def test_refusals_of_a_signup_are_german(
    german: FlaskClient, htmx: dict[str, str], posted: dict[str, str], said: str
) -> None:
    answer = german.post("/newsletter/signup", data={"place": "article-1", **posted}, headers=htmx)
    assert (said in answer.text, foreign(answer.text)) == (True, [])


def test_an_accepted_signup_is_thanked_for_in_german(german: FlaskClient) -> None:
    answer = german.post(
        "/newsletter/signup", data={"email": "anna@example.org"}, headers={"HX-Request": "true"}
    )
    assert "Vielen Dank! Ihre Anmeldung ist eingegangen." in answer.text
    assert foreign(answer.text) == []


def test_a_signup_from_elsewhere_is_refused_in_german(german: FlaskClient) -> None:
    answer = german.post("/newsletter/signup", headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, foreign(answer.text)) == (403, [])
    assert "Hoppla! Beim Absenden des Formulars ist etwas schiefgegangen." in answer.text


def test_no_word_of_the_form_library_is_shown() -> None:
    """WTForms speaks English by itself; its own checks are not used, so only our sentences are shown."""
    fields = [value for value in vars(SignupForm).values() if hasattr(value, "field_class")]
    assert issubclass(SignupForm, FlaskForm)
    assert [(field.args, field.kwargs) for field in fields] == [((), {})] * len(fields)


def test_missing_addresses_and_wrong_methods_are_answered_in_german(german: FlaskClient) -> None:
    answers = [german.get("/articles/fort"), german.post("/articles"), german.get("/articles?page=99")]
    assert [answer.status_code for answer in answers] == [404, 405, 404]
    assert [foreign(answer.text) for answer in answers] == [[], [], []]


@pytest.mark.parametrize("error", [Forbidden(), Gone(), RequestEntityTooLarge(), TooManyRequests(), Busy()])
@pytest.mark.usefixtures("german")
def test_errors_are_german(application: Flask, error: HTTPException | Busy) -> None:
    with application.test_request_context("/", base_url="https://journal.example.org"):
        answer = application.make_response(application.handle_user_exception(error))
    assert foreign(answer.get_data(as_text=True)) == []


def test_when_nothing_works_that_is_said_in_german(application: Flask, german: FlaskClient) -> None:
    @application.get("/kaputt")
    def broken() -> str:
        raise ZeroDivisionError

    answer = german.get("/kaputt")
    assert (answer.status_code, '<html lang="de">' in answer.text) == (500, True)


def test_when_not_even_the_database_works_that_is_said_in_english(application: Flask) -> None:
    with application.app_context(), write():
        choose("site.language", "de")
        db.session.execute(db.text("ALTER TABLE setting RENAME TO lost"))
    answer = Reader(application, application.response_class, use_cookies=False).get("/")
    with application.app_context():
        db.engine.dispose()
    assert (answer.status_code, '<html lang="en">' in answer.text) == (500, True)


def test_the_markdown_of_an_article_is_german(german: FlaskClient) -> None:
    lines = german.get(f"{ARTICLE}.md").text.splitlines()
    assert lines[4] == (
        "Von Anna Muster, Dr. med. · Fachlich geprüft von Bert Muster, Prof. · "
        "Erschienen am 7. Februar 2025 · Aktualisiert am 8. Februar 2025"
    )
    assert [line for line in lines if line.startswith("## ") and "Abschnitt" not in line] == [
        "## Kurz gefasst",
        "## Fragen und Antworten",
        "## Literatur",
        "## Korrekturen",
        "## Offenlegung",
        "## Entstehung",
    ]
    assert "Zuletzt fachlich geprüft am 20. Februar 2025" in lines
    assert "- 1. März 2025: Berichtigt" in lines


def test_feeds_say_that_they_are_german_and_are(german: FlaskClient) -> None:
    atom = Xml.fromstring(german.get("/feed.xml").data)
    names = {"atom": "http://www.w3.org/2005/Atom"}
    assert atom.get("{http://www.w3.org/XML/1998/namespace}lang", atom.get("xml:lang")) == "de"
    contents = [element.text or "" for element in atom.findall(".//atom:content", names)]
    feed: dict[str, Any] = json.loads(german.get("/feed.json").data)
    assert feed["language"] == "de"
    contents += [item["content_html"] for item in feed["items"]]
    assert [foreign(content) for content in contents] == [[]] * len(contents)
    assert "<h2>Fragen und Antworten</h2>" in contents[0]


def test_linked_data_says_that_it_is_german(german: FlaskClient) -> None:
    assert '"inLanguage": "de"' in german.get(ARTICLE).text.replace('":"', '": "')


def test_numbers_are_written_as_the_language_writes_them(application: Flask) -> None:
    counts = []
    for language in ("en", "de"):
        with application.app_context(), write():
            choose("site.language", language)
        with application.test_request_context("/", base_url="https://journal.example.org"):
            counts += [number(1234), render_template("search/_count.html", q="schlaf", count=1234)]
    with application.app_context():
        db.engine.dispose()
    assert counts == ["1,234", "1,234 results", "1.234", "1.234 Ergebnisse"]


def test_a_change_of_the_language_counts_from_the_next_page_on(application: Flask) -> None:
    reader = Reader(application, application.response_class, use_cookies=False)
    headings = []
    for language in ("en", "de", "en"):
        with application.app_context(), write():
            choose("site.language", language)
            headings.append(gettext("Questions and answers"))
        page = reader.get("/faq").text
        headings.append(page.split("<h1>")[1].split("</h1>")[0])
        headings.append(page.split('lang="')[1][:2])
    with application.app_context():
        db.engine.dispose()
    english, german = ["Questions and answers"] * 2, ["Fragen und Antworten"] * 2
    assert headings == [*english, "en", *german, "de", *english, "en"]


def test_what_texts_say_around_their_words_is_german_once_they_are_made_anew(application: Flask) -> None:
    reader = Reader(application, application.response_class, use_cookies=False)
    titles = []
    with application.app_context():
        save(article("Schlaf", body="> [!EMERGENCY]\n> Notfalltext"))
        with write():
            choose("site.language", "de")
    titles += re.findall(r'callout__title">(\w+)<', reader.get("/articles/schlaf").text)
    with application.app_context():
        rerender(lambda *_: None)
    titles += re.findall(r'callout__title">(\w+)<', reader.get("/articles/schlaf").text)
    with application.app_context():
        db.engine.dispose()
    assert titles == ["Emergency", "Notfall"]
