"""A template is compiled once per language, with the words of that language in it."""

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient
from jinja2 import nodes

from blog.lib.db import write
from blog.settings.declaring import choose
from tests.building import article, save
from tests.markup import Shown


def speak(language: str) -> None:
    with write():
        choose("site.language", language)


def folded(app: Flask, source: str) -> list[str]:
    """Return the pieces of text that a template holds once it is compiled."""
    tree = app.jinja_env._parse(source, None, None)
    return [str(piece.data) for piece in tree.find_all(nodes.TemplateData)]


def test_a_page_changes_its_language_with_the_site_and_back(client: FlaskClient) -> None:
    save(article("A"))
    pages = []
    for language in ("en", "de", "en", "de"):
        speak(language)
        pages.append(client.get("/articles").text)
    assert [Shown(page).all("html")[0]["lang"] for page in pages] == ["en", "de", "en", "de"]
    assert ["All articles" in page for page in pages] == [True, False, True, False]
    assert ["Alle Artikel" in page for page in pages] == [False, True, False, True]
    assert (pages[0], pages[1]) == (pages[2], pages[3])


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("{{ _('All articles') }}", ["Alle Artikel"]),
        ("<a>{{ _('All articles') }}</a>", ["<a>", "Alle Artikel", "</a>"]),
        ("{% if x %}{{ _('All articles') }}{% endif %}", ["Alle Artikel"]),
        ("{{ _('Written by %(name)s', name=x) }}", []),
        ("{{ ngettext('%(num)s result', '%(num)s results', n) }}", []),
        ("{{ x('All articles') }}", []),
        ("{{ _(x) }}", []),
    ],
)
def test_only_plain_words_are_looked_up_when_compiling(app: Flask, source: str, pieces: list[str]) -> None:
    speak("de")
    assert folded(app, source) == pieces


def test_values_in_words_are_escaped(app: Flask) -> None:
    with app.test_request_context(base_url="https://journal.example.org"):
        shown = render_template_string("{{ _('Written by %(name)s', name=name) }}", name="<b>")
    assert shown == "Written by &lt;b&gt;"
