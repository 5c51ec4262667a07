"""Who the site is can only be said in values that every page can show."""

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.settings import identity
from blog.settings.declaring import DECLARED, choose

LONG = "This is too long: at most 200 characters."
COLOUR = "Write the colour as #rrggbb, for example #0b5a5e."
CONTACT = "Write mailto: and an address, or an address that starts with https://."


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("site.title", "  The \t Linden\nJournal ", "The Linden Journal"),
        ("site.tagline", "", ""),
        ("site.notice", "a" * 200, "a" * 200),
        ("site.language", "de", "de"),
        ("site.time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("site.accent", "#0B5A5E", "#0b5a5e"),
        ("site.security_contact", "", ""),
        ("site.security_contact", "mailto:ann@example.org", "mailto:ann@example.org"),
        ("site.security_contact", "https://example.org/report", "https://example.org/report"),
    ],
)
def test_a_good_value_is_tidied(key: str, typed: str, kept: str) -> None:
    assert DECLARED[key].parse(typed) == kept


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        ("site.title", "", "This cannot be empty."),
        ("site.title", " \n ", "This cannot be empty."),
        ("site.title", "a" * 201, LONG),
        ("site.tagline", "a" * 201, LONG),
        ("site.language", "fr", "“fr” is not possible here; choose one of en, de."),
        ("site.language", "", "“” is not possible here; choose one of en, de."),
        ("site.time_zone", "Berlin", "“Berlin” is not a time zone; write one such as Europe/Berlin."),
        (
            "site.time_zone",
            "../etc/passwd",
            "“../etc/passwd” is not a time zone; write one such as Europe/Berlin.",
        ),
        ("site.accent", "teal", COLOUR),
        ("site.accent", "#0b5", COLOUR),
        ("site.accent", "#0b5a5e;}", COLOUR),
        ("site.security_contact", "ann@example.org", CONTACT),
        ("site.security_contact", "http://example.org", CONTACT),
        ("site.security_contact", "mailto:a b", CONTACT),
        ("site.security_contact", "mailto:a@example.org\nPolicy: x", CONTACT),
    ],
)
def test_a_value_that_no_page_could_show_is_refused(key: str, typed: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        DECLARED[key].parse(typed)
    assert str(refused.value) == sentence


def test_a_pale_colour_is_refused() -> None:
    with pytest.raises(Refused, match="#ffff00 is too pale to read on paper"):
        DECLARED["site.accent"].parse("#FFFF00")


def test_the_language_and_the_zone_are_what_was_chosen(app: Flask) -> None:
    with write():
        choose("site.language", "de")
        choose("site.time_zone", "Europe/Berlin")
    assert (identity.language.get(), identity.zone().key) == ("de", "Europe/Berlin")
