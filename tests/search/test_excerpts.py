"""What a result shows of a text: hits marked, text still text, a long one cut around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from blog.search.excerpts import AROUND, Hits


def plain(marked: Markup) -> str:
    return str(marked).replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize(
    ("words", "text", "marked"),
    [
        (
            ["walk"],
            "To walk, walking: a Walk.",
            "To <mark>walk</mark>, <mark>walking</mark>: a <mark>Walk</mark>.",
        ),
        (
            ["walk", "on"],
            "Walk on once. Walking.",
            "<mark>Walk</mark> <mark>on</mark> <mark>once</mark>. Walking.",
        ),
        (["walk"], "A sidewalk", "A sidewalk"),
        (["cafe"], "Café, CAFÉ, cafe\u0301", "<mark>Café</mark>, <mark>CAFÉ</mark>, <mark>cafe\u0301</mark>"),
        (["café"], "cafe", "<mark>cafe</mark>"),
        (["cafe", "sleep"], "Café and sleep", "<mark>Café</mark> and <mark>sleep</mark>"),
        (["istanbul"], "İstanbul", "<mark>İstanbul</mark>"),
        (["日本"], "日本語", "<mark>日本語</mark>"),
        (["b"], "<b>&", "&lt;<mark>b</mark>&gt;&amp;"),
        (["foo"], "foo_bar", "<mark>foo</mark>_bar"),
        (["walk", "walking"], "walking", "<mark>walking</mark>"),
        (["walk"], "", ""),
    ],
)
def test_hits_are_marked_and_nothing_else(words: list[str], text: str, marked: str) -> None:
    assert Hits(words).marked(text) == Markup(marked)


def test_a_long_text_is_cut_between_words_around_its_hit() -> None:
    shown = Hits(["needle"]).excerpt("before " * 200 + "needle " + "after " * 200)
    words = plain(shown).strip("…").split()
    assert set(words) == {"before", "needle", "after"}
    assert "before <mark>needle</mark> after" in shown
    assert (shown[0], shown[-1]) == ("…", "…")


def test_the_part_with_the_most_words_is_shown() -> None:
    text = "salt " + "hay " * 200 + "pressure of salt " + "hay " * 200
    assert "<mark>pressure</mark> of <mark>salt</mark>" in Hits(["salt", "pressure"]).excerpt(text)


def test_without_a_hit_the_beginning_is_shown() -> None:
    shown = Hits(["needle"]).excerpt("First words. " + "hay " * 200)
    assert shown.startswith("First words. hay")
    assert shown.endswith("hay…")


@given(
    st.lists(st.text("abé cİ\u0301<&_", min_size=1, max_size=5), min_size=1, max_size=3),
    st.text(max_size=900),
)
def test_whatever_is_shown_is_a_part_of_the_text(words: list[str], text: str) -> None:
    shown = plain(Hits(words).excerpt(text)).removeprefix("…").removesuffix("…")
    assert shown in str(escape(f"…{text}…"))
    assert plain(Hits(words).marked(text)) == str(escape(text))
    if len(text) <= AROUND:
        assert shown == str(escape(text)).removeprefix("…").removesuffix("…")
