"""The pages for when nothing else works: one file each in every language, which needs nothing but itself."""

import pytest

from blog.lib.environment import ROOT
from blog.lib.words import LANGUAGES
from blog.site.errors import busy_page
from tests.markup import Shown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", "The site is busy"),
        ("de", "Hier ist gerade viel los"),
        ("", "The site is busy"),
        ("xx", "The site is busy"),
    ],
)
def test_a_busy_site_has_a_page_in_each_language_that_needs_nothing_else(code: str, words: str) -> None:
    text = busy_page(code).decode()
    assert words in Shown(text).text
    assert f'<html lang="{code if code in LANGUAGES else "en"}">' in text
    for needed in ("<script", "<link", "src=", "style=", "url(", "@import", "http:", "https:"):
        assert needed not in text


@pytest.mark.parametrize(("code", "when"), [("en", "in a few moments"), ("de", "in ein paar Augenblicken")])
def test_who_is_told_to_come_back_in_seconds_reads_of_moments(code: str, when: str) -> None:
    assert when in Shown(busy_page(code).decode()).text


def test_every_language_has_its_page_for_a_busy_and_for_a_broken_site() -> None:
    folder = ROOT / "templates" / "site" / "errors"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        f"{status}.{code}.html" for status in (500, 503) for code in LANGUAGES
    )
