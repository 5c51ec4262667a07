"""Titles become readable addresses in every script, and no two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.refusing import Refused
from blog.lib.slugs import LONGEST, checked_slug, slug_from, unique_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sleep and memory", "sleep-and-memory"),
        ("  Sleep -- & memory!  ", "sleep-memory"),
        ("What's new?", "whats-new"),
        ("Ann’s choice", "anns-choice"),
        ("Crème brûlée", "creme-brulee"),
        ("Schlaf für Größere", "schlaf-fur-grossere"),
        ("Łódź, Æsop, Øre", "lodz-aesop-ore"),
        ("睡眠と記憶", "睡眠と記憶"),
        ("Сон и память", "сон-и-память"),
        ("हिन्दी में नींद", "हिन्दी-में-नींद"),
        ("การนอนหลับ", "การนอนหลับ"),
        ("𝐁old ﬁgures x²", "bold-figures-x2"),
        ("COVID-19: 10 facts", "covid-19-10-facts"),
        ("snake_case", "snake-case"),
        ("../../etc/passwd", "etc-passwd"),
        ("", ""),
        ("?!…", ""),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slug_from(title) == slug


def test_a_long_title_is_cut_between_words() -> None:
    assert slug_from("word " * 40) == "-".join(["word"] * 16)


def test_one_long_word_is_cut() -> None:
    assert slug_from("a" * 200) == "a" * LONGEST


@given(st.text())
def test_whatever_the_title_its_slug_could_be_written_by_hand(title: str) -> None:
    slug = slug_from(title)
    assert slug == "" or checked_slug(slug) == slug


@pytest.mark.parametrize(
    ("typed", "kept"), [("sleep", "sleep"), (" Sleep-2 ", "sleep-2"), ("睡眠", "睡眠"), ("नींद", "नींद")]
)
def test_a_slug_written_by_hand_is_tidied(typed: str, kept: str) -> None:
    assert checked_slug(typed) == kept


@pytest.mark.parametrize(
    "typed", ["", "-a", "a-", "a--b", "a b", "a/b", "a.md", "a_b", "a?b", "../a", "a" * 81]
)
def test_what_could_not_be_an_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        checked_slug(typed)
    assert str(refused.value) == (
        f"“{typed}” cannot be an address; write letters and digits joined by single hyphens, at most 80."
    )


def test_a_taken_slug_gets_the_next_free_number() -> None:
    assert unique_slug("sleep", set()) == "sleep"
    assert unique_slug("sleep", {"sleep"}) == "sleep-2"
    assert unique_slug("sleep", {"sleep", "sleep-2", "sleep-3"}) == "sleep-4"


def test_a_numbered_slug_is_no_longer_than_any_other() -> None:
    longest = "a" * LONGEST
    assert unique_slug(longest, {longest}) == "a" * (LONGEST - 2) + "-2"
