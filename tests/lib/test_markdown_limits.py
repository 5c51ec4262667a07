"""No text keeps the site busy: what is out of proportion is refused, everything else is done at once."""

import time
from contextlib import suppress

import pytest

from blog.lib.markdown import destinations, render, rewrite_destinations
from blog.lib.refusing import Refused

GUARD = 10
"""Seconds, ten times what any of these may take: against hanging, not for speed."""

HEAVY = {
    "asterisks": "a" + "*" * 100_000,
    "a rule of asterisks": "*" * 100_000,
    "asterisks and letters": "*a **b " * 14_000,
    "emphasis in emphasis": "*a " * 20_000 + "a* " * 20_000,
    "strong in strong": "**a " * 15_000 + "a** " * 15_000,
    "underscores": "_a*" * 33_000,
    "tildes": "~~a" * 30_000,
    "opening brackets": "[" * 50_000,
    "fewer opening brackets": "[" * 10_000,
    "brackets around nothing": "[" * 5_000 + "]" * 5_000,
    "images in images": "![[[[" * 20_000,
    "image after image": "![" * 9_999,
    "links never closed": "[a](" * 9_999,
    "links with open titles": '[a](/ "' * 9_999,
    "links in links": "[a " * 5_000 + "](x)" * 5_000,
    "closing brackets": "](x" * 60_000,
    "footnotes never closed": "[^x" * 9_999 + "\n\n[^a]: x",
    "footnotes over and over": "[^a]" * 9_000 + "\n\n[^a]: x",
    "a very long footnote": "a[^1]\n\n[^1]: " + "a *b* c " * 20_000,
    "many footnotes": "".join(f"[^{number}]: x\n" for number in range(4_000)) + "[^1]" * 4_000,
    "definitions": "".join(f"[a{number}]: /x\n" for number in range(9_000)),
    "definitions never closed": "[a\n" * 9_999,
    "open definition titles": '[a]: /x "\n' * 9_999,
    "quotes": ">" * 50_000,
    "deeper quotes": "\n".join(">" * depth for depth in range(1, 400)),
    "quotes in order": ("> " * 30 + "a\n") * 2_000,
    "lists in lists": "\n".join("  " * depth + "- a" for depth in range(400)),
    "list marks": "- " * 50_000 + "a",
    "numbers": "1. " * 30_000,
    "list items": "- a\n" * 40_000,
    "ten lists a line": ("- " * 10 + "a\n") * 9_000,
    "terms": "a\n: b\n" * 30_000,
    "terms in terms": "a\n" + ": " * 50_000,
    "backticks": "`" * 100_000,
    "backticks of every length": "".join("`" * length + " " for length in range(1, 450)),
    "backticks and letters": "`a" * 50_000,
    "fences": "```\n" * 40_000,
    "a huge table": "|a" * 500 + "|\n" + "|-" * 500 + "|\n" + ("|b" * 500 + "|\n") * 90,
    "a table of missing cells": "|a" * 250 + "|\n" + "|-" * 250 + "|\n" + "|\n" * 50_000,
    "tables": "|a|b|\n|-|-|\n|1|2|\n\n" * 9_000,
    "pipes": "|" * 100_000,
    "headings": "# a\n" * 40_000,
    "underlined headings": "a\n=\n" * 40_000,
    "lines": "a\n" * 90_000,
    "lazy quote": "> a\n" + "b\n" * 90_000,
    "angles": "<" * 100_000,
    "autolinks never closed": "<a:b" * 40_000,
    "entities": "&#x" * 60_000,
    "ampersands": "&" * 100_000,
    "backslashes": "\\" * 100_000,
    "addresses": "http://a" * 20_000,
    "an address with an end of entities": "https://a.b/" + "&a;" * 60_000,
    "an address with an end of parentheses": "https://a.b/" + ")" * 180_000,
    "credits never closed": '![a](/b){credit="' * 9_999,
    "spaces": "a" + " " * 180_000 + "b",
    "tabs": "\t" * 100_000,
    "nulls": "\0" * 100_000,
    "too much text": "a b c " * 100_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_heavy_text_is_soon_done_or_refused(name: str) -> None:
    began = time.monotonic()
    with suppress(Refused):
        render(HEAVY[name], prefix="text-")
    with suppress(Refused):
        rewrite_destinations(HEAVY[name], lambda destination: f"{destination}x")
    assert time.monotonic() - began < GUARD


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("a" * 200_001, "The text has 200,001 characters; at most 200,000 fit into one text."),
        ("[" * 10_001, "The text has more than 10,000 opening square brackets; divide it into several."),
        ("a\n\ud800", "Line 2: the text holds half a character (U+D800)."),
        ("a\n\n" + ">" * 41, "Line 3: quotes and lists are nested too deeply."),
        (
            "- a\n" * 20_000,
            "The text has more than 20,000 paragraphs, headings and list items; divide it into several.",
        ),
        (
            "|a|b|\n|-|-|\n" + "|1|2|\n" * 9_000,
            "The text has more than 20,000 table cells; divide it into several.",
        ),
    ],
)
def test_a_refusal_says_what_is_too_much(source: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        render(source, prefix="text-")
    assert str(refused.value) == sentence
    with pytest.raises(Refused):
        destinations(source)


def test_a_book_chapter_is_not_too_much() -> None:
    section = (
        "## Part\n\n" + "Sleep is *not* a [switch](a.md): it has **stages**. " * 40 + "\n\n- one\n- two\n\n"
    )
    assert render(section * 80, prefix="text-").words == 80 * (1 + 40 * 8 + 2)


def test_emphasis_without_end_does_not_nest_without_end() -> None:
    html = render("*a " * 500 + "a* " * 500, prefix="text-").html
    assert html.count("<em>") == html.count("</em>") == 12
