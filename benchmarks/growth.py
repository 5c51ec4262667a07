"""What an uncached page costs as the journal grows. `python -m benchmarks.growth [ARTICLES ...]`."""

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote_plus

from flask import Flask

from .copying import rare_word, word
from .pages import ask
from .site import site

ROUNDS, ROUND_SECONDS = 7, 0.02
SLOW_SECONDS = 0.3
"""What takes longer is measured once."""
SIZES = (10, 1_000, 10_000)

SEARCHES: dict[str, Callable[[int], str]] = {
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


_IN_CATEGORY = (
    "SELECT count(*) FROM article WHERE category_id = (SELECT id FROM category WHERE slug = 'sleep')"
)
_TAGGED = "SELECT count(*) FROM article_tag WHERE tag_id = (SELECT id FROM tag WHERE slug = 'self-help')"
_WRITTEN = (
    "SELECT count(*) FROM credit WHERE role = 'author'"
    " AND person_id = (SELECT id FROM person WHERE slug = 'ruth-okafor')"
)
_ASKED = "SELECT count(*) / (SELECT count(*) FROM category) FROM question"  # shared out evenly, more or less


def pages(count: int, database: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Yield the name and the address of every page that is measured."""
    (middle,) = database.execute("SELECT slug FROM article WHERE id = ?", (count // 2,)).fetchone()
    yield "article", f"/articles/{middle}"
    yield "home", "/"
    for name, path, size, how_many in (
        ("all articles", "/articles", 20, "SELECT count(*) FROM article"),
        ("category", "/categories/sleep", 20, _IN_CATEGORY),
        ("tag of many", "/tags/self-help", 20, _TAGGED),
        ("person", "/people/ruth-okafor", 12, _WRITTEN),
        ("questions", "/faq", 20, _ASKED),
    ):
        (number,) = database.execute(how_many).fetchone()
        yield name, path
        yield f"{name}, middle", f"{path}?page={max(1, number // size // 2)}"
        yield f"{name}, far back", f"{path}?page={max(1, number * 9 // size // 10)}"
    yield "questions with a word", "/faq?q=sleep"
    for name, typed in SEARCHES.items():
        yield f"search: {name}", f"/search/results?q={quote_plus(typed(count))}"
    yield from (("feed", "/feed.xml"), ("feed of a category", "/categories/sleep/feed.xml"))
    yield "sitemap", "/sitemap.xml"
    yield "sitemap, one of its parts", f"/sitemaps/articles-{count // 2000}.xml"


def measure(count: int) -> dict[str, float]:
    """Return the milliseconds of CPU of every page of a site with `count` articles, by name."""
    with site(count) as (app, instance):
        database = sqlite3.connect(instance / "blog.sqlite3")
        found = dict(pages(count, database))
        database.close()
        return {name: cpu_ms(app, path) for name, path in found.items()}


def cpu_ms(app: Flask, path: str) -> float:
    """Return the milliseconds of CPU that a page takes, the best of several rounds."""
    asked = ask(app, path)
    asked()
    single = _seconds(asked, 1)
    repeats = max(1, min(40, int(ROUND_SECONDS / max(single, 1e-6))))
    rounds = ROUNDS if single < SLOW_SECONDS else 1
    return min(_seconds(asked, repeats) for _ in range(rounds)) * 1000


def _seconds(work: Callable[[], object], repeats: int) -> float:
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats


def table(sizes: list[int]) -> str:
    """Return the Markdown table of all sizes, one line for each page."""
    columns = [measure(count) for count in sizes]
    head = ["CPU, ms", *(f"{count:,}" for count in sizes)]
    lines = [head, ["---", *("---:" for _ in sizes)]]
    lines += [[name, *(f"{figures[name]:.2f}" for figures in columns)] for name in columns[0]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    print(table([int(typed) for typed in sys.argv[1:]] or list(SIZES)))
