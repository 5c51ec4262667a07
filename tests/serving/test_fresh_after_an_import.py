"""When an import has returned, no process of the site serves what was there before."""

import re
from datetime import timedelta
from pathlib import Path

from blog.lib.clock import now
from blog.lib.words import iso
from tests.transfer.folders import article, picture, put, take

from .live import Live
from .reading import Answer

MOVED = ("/articles/leaving", "/articles/old-name", "/articles/new-name", "/articles/coming", "/post/stroll")
WALKING = (
    *("/", "/articles", "/articles/walking", "/articles/walking.md", "/categories/motion", "/tags/legs"),
    *("/categories/motion/feed.json", "/people/wil-walker", "/people/wil-walker/feed.xml"),
    *("/feed.xml", "/feed.json", "/search?q=walking", "/search/results?q=walking"),
)
"""Where an article stands: its own page and every list, feed and result."""
LISTS = ("/articles", "/categories/motion", "/sitemap.xml")

Files = dict[str, str | bytes]


def minutes_ago(minutes: int) -> str:
    """Return a moment that makes an article newer than those of other tests."""
    return iso(now() - timedelta(minutes=minutes))


def walking(word: str, old_addresses: str) -> str:
    return article(
        f"Walking {word}", f"Put one foot before the other, {word}.", slug="walking", category="Motion",
        tags="[legs]", authors="[Wil Walker]", published=minutes_ago(9), cover="images/walk.jpg",
        cover_alt="A walker", redirect_from=old_addresses,
    )  # fmt: skip


def other(title: str, slug: str, published: str) -> str:
    return article(title, slug=slug, category="Motion", published=published)


def first_state() -> Files:
    return {
        "articles/walking.md": walking("slowly", "[/post/walk]"),
        "articles/leaving.md": other("Leaving", "leaving", minutes_ago(8)),
        "articles/moving.md": other("Moving", "old-name", minutes_ago(7)),
        "images/walk.jpg": picture("navy", (640, 400)),
    }


def second_state() -> Files:
    """Return the folder in which a text and a picture are other ones, and articles left, moved and came."""
    return {
        "articles/walking.md": walking("briskly", "[/post/walk, /post/stroll]"),
        "articles/leaving.md": other("Leaving", "leaving", "2199-06-02"),
        "articles/moving.md": other("Moving", "new-name", minutes_ago(7)),
        "articles/coming.md": other("Coming", "coming", minutes_ago(6)),
        "images/walk.jpg": picture("gold", (640, 400)),
    }


def statuses(answers: dict[str, Answer]) -> list[int]:
    return [answers[place].status for place in MOVED]


def without(word: str, answers: dict[str, Answer], places: tuple[str, ...]) -> list[str]:
    """Return which of the places do not hold a word."""
    return [place for place in places if word not in answers[place].text]


def pictures(answer: Answer) -> set[str]:
    return set(re.findall(r'/media/[^" ]+', answer.text))


def test_after_an_import_every_process_serves_what_was_imported(live: Live, tmp_path: Path) -> None:
    put(tmp_path, first_state())
    live.write(lambda: take(tmp_path))
    before = live.answers((*WALKING, *MOVED, *LISTS))
    assert statuses(before) == [200, 200, 404, 404, 404]
    assert without("slowly", before, WALKING) == []
    put(tmp_path, second_state())
    live.command("import", "markdown", str(tmp_path))
    after = live.answers(before)
    assert statuses(after) == [404, 301, 200, 200, 301]
    assert after["/articles/old-name"].header("location") == "/articles/new-name"
    assert without("slowly", after, WALKING) == list(WALKING)
    assert without("briskly", after, WALKING) == []
    assert without("/coming", after, LISTS) == []
    assert without("/leaving", after, LISTS) == without("/old-name", after, LISTS) == list(LISTS)
    shown = pictures(after["/articles/walking"])
    assert not shown & pictures(before["/articles/walking"])
    assert {live.ask(address).status for address in shown} == {200}
