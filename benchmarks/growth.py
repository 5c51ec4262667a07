"""What an uncached page costs as the journal grows. `python -m benchmarks.growth [ARTICLES ...]`."""

import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

from flask import Flask
from werkzeug.test import create_environ

from .copying import rare_word, word
from .site import ADDRESS, site

ROUNDS, ROUND_SECONDS = 7, 0.02
SIZES = (10, 1_000, 10_000)

SEARCHES = {
    "one article has it": lambda count: rare_word(count // 2),
    "some have it": lambda _: f"{word(40)}q",
    "many have it": lambda _: "sleep",
    "nearly all have it": lambda _: "the",
    "three words": lambda _: "blood pressure salt",
    "three common words": lambda _: "the and of",
    "a common and a rare word": lambda count: f"the {rare_word(count // 2)}",
    "a short beginning": lambda _: "the mem",
    "a long beginning": lambda _: "exercis",
    "nothing has it": lambda _: "sleep nowhere-at-all",
}
"""The written list of queries, each made for the number of articles."""


def pages(count: int) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of every page that is measured."""
    last = -(-count // 20)
    yield "article", "middle"
    yield "home", "/"
    yield "all articles, first page", "/articles"
    yield "all articles, middle", f"/articles?page={max(1, last // 2)}"
    yield "all articles, last page", f"/articles?page={last}"
    yield "category, first page", "/categories/sleep"
    yield "category, middle", "/categories/sleep?middle"
    yield "tag of many, first page", "/tags/self-help"
    yield "tag of many, middle", "/tags/self-help?middle"
    yield "person, first page", "/people/mara-lindqvist"
    yield "person, middle", "/people/mara-lindqvist?middle"
    yield "questions", "/faq"
    yield "questions, middle", "/faq?middle"
    yield "questions with a word", "/faq?q=sleep"
    for name, typed in SEARCHES.items():
        yield f"search: {name}", f"/search/results?q={quote_plus(typed(count))}"
    yield "feed", "/feed.xml"
    yield "feed of a category", "/categories/sleep/feed.xml"
    yield "sitemap", "/sitemap.xml"
