"""Markdown reads well without any HTML, and no link is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.markdown import as_text, destinations
from blog.lib.markdown.shapes import Labels
from blog.lib.refusing import Refused

from .test_markdown_any_text import MARKS


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("One\ntwo **bold** *em* `code` ~~gone~~.", "One two bold em code gone."),
        ("One\\\ntwo", "One\ntwo"),
        ("## A *b*\n\nText", "A b\n---\n\nText"),
        ("- a\n- b\n", "- a\n- b"),
        ("- a\n  1. b\n  2. c", "- a\n\n  1. b\n  2. c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- [x] done\n- [ ] open", "- [x] done\n- [ ] open"),
        ("> one\n>\n> two", "> one\n>\n> two"),
        ("> [!WARNING]\n> Take care.", "Achtung:\n> Take care."),
        ("```py\na = 1\n\n  b\n```", "    a = 1\n\n      b"),
        ("a\n\n---\n\nb", "a\n\n* * *\n\nb"),
        ("| a | b |\n|---|---|\n| c | d |", "a | b\nc | d"),
        ("term\n: meaning", "term\n    meaning"),
        ('![Ann](/a.jpg "At home"){credit="Ben"}', "[Ann]\nAt home\nBen"),
        ("See ![Ann](/a.jpg) and ![](/b.jpg).", "See [Ann] and ."),
        ("A.[^1]\n\n[^1]: Note.", "A.[1]\n\nFootnotes\n[1] Note."),
        ("[words](/x)", "words </x>"),
        ("<https://e.org/x> https://e.org/y", "https://e.org/x https://e.org/y"),
        ("<a@b.org> [write](mailto:a@b.org)", "a@b.org write <mailto:a@b.org>"),
        ("[ref]\n\n[ref]: https://e.org/z", "ref <https://e.org/z>"),
        ("<b>&amp; \\* 1 < 2", "<b>& * 1 < 2"),
        ("", ""),
    ],
)
def test_it_reads_as_a_person_would_type_it(source: str, said: str) -> None:
    assert as_text(source, labels=Labels(warning="Achtung")) == said


def test_the_caller_says_where_links_lead_and_which_need_none() -> None:
    shown = as_text("[a](/x) [b](#y)", address=lambda href: f"https://j.org{href}" if href[0] == "/" else "")
    assert shown == "a <https://j.org/x> b"


@settings(max_examples=200, deadline=None)
@given(st.one_of(MARKS, st.text(max_size=200)))
def test_any_text_can_be_said(source: str) -> None:
    assert as_text(source) == as_text(source)


@settings(max_examples=200, deadline=None)
@given(MARKS)
def test_every_link_of_the_text_is_said_in_full(source: str) -> None:
    try:
        found = [href for href in destinations(source) if href.startswith("https://")]
    except Refused:
        return
    said = as_text(source)
    assert [href for href in found if href not in said and "![" not in source] == []
