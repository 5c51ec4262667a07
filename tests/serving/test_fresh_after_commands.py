"""When a command has returned, no process of the site serves what was there before."""

import re
import threading
from datetime import timedelta
from pathlib import Path

from blog.content.models import Article
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.words import iso
from tests.building import article as article_row
from tests.building import save
from tests.transfer.folders import article, picture, put, take

from .live import Live
from .reading import Answer, Reader

PLACES = (
    *(
        "/",
        "/articles",
        "/articles/walking",
        "/articles/walking.md",
        "/articles/leaving",
        "/articles/old-name",
    ),
    *("/articles/new-name", "/articles/coming", "/categories/motion", "/categories/motion/feed.json"),
    *("/tags/legs", "/people/wil-walker", "/people/wil-walker/feed.xml", "/feed.xml", "/feed.json"),
    *("/sitemap.xml", "/search?q=walking", "/search/results?q=walking", "/post/walk", "/post/stroll"),
)
WHERE_WALKING_STANDS = (
    *("/", "/articles", "/articles/walking", "/articles/walking.md", "/categories/motion"),
    *("/categories/motion/feed.json", "/tags/legs", "/people/wil-walker", "/people/wil-walker/feed.xml"),
    *("/feed.xml", "/feed.json", "/search?q=walking", "/search/results?q=walking"),
)


def minutes_ago(minutes: int) -> str:
    """Return a moment that makes an article newer than those of other tests."""
    return iso(now() - timedelta(minutes=minutes))


def walking(word: str, **fields: str) -> str:
    return article(
        f"Walking {word}", f"Put one foot before the other, {word}.", slug="walking", category="Motion",
        tags="[legs]", authors="[Wil Walker]", published=minutes_ago(9), cover="images/walk.jpg",
        cover_alt="A walker", **fields,
    )  # fmt: skip


def other(title: str, slug: str, published: str) -> str:
    return article(title, slug=slug, category="Motion", published=published)


def statuses(answers: dict[str, Answer], *places: str) -> dict[str, int]:
    return {place: answers[place].status for place in places}


def test_after_an_import_every_process_serves_what_was_imported(live: Live, tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "articles/walking.md": walking("slowly", redirect_from="[/post/walk]"),
            "articles/leaving.md": other("Leaving", "leaving", minutes_ago(8)),
            "articles/moving.md": other("Moving", "old-name", minutes_ago(7)),
            "images/walk.jpg": picture("navy", (640, 400)),
        },
    )
    live.write(lambda: take(tmp_path))
    before = live.answers(PLACES)
    covers = re.findall(r'/media/[^" ]+', before["/articles/walking"].text)
    assert statuses(before, "/articles/leaving", "/articles/old-name", "/articles/new-name") == {
        "/articles/leaving": 200, "/articles/old-name": 200, "/articles/new-name": 404,
    }  # fmt: skip
    assert [place for place in WHERE_WALKING_STANDS if "slowly" not in before[place].text] == []
    put(
        tmp_path,
        {
            "articles/walking.md": walking("briskly", redirect_from="[/post/walk, /post/stroll]"),
            "articles/leaving.md": other("Leaving", "leaving", "2199-06-02"),
            "articles/moving.md": other("Moving", "new-name", minutes_ago(7)),
            "articles/coming.md": other("Coming", "coming", minutes_ago(6)),
            "images/walk.jpg": picture("gold", (640, 400)),
        },
    )
    live.command("import", "markdown", str(tmp_path))
    after = live.answers(PLACES)
    assert statuses(after, *PLACES[4:8], *PLACES[-2:]) == {
        "/articles/leaving": 404, "/articles/old-name": 301, "/articles/new-name": 200,
        "/articles/coming": 200, "/post/walk": 301, "/post/stroll": 301,
    }  # fmt: skip
    assert after["/articles/old-name"].header("location") == "/articles/new-name"
    assert [place for place in WHERE_WALKING_STANDS if "slowly" in after[place].text] == []
    assert [place for place in WHERE_WALKING_STANDS if "briskly" not in after[place].text] == []
    lists = {place: after[place].text for place in ("/articles", "/categories/motion", "/sitemap.xml")}
    assert [place for place, text in lists.items() if "/leaving" in text or "/old-name" in text] == []
    assert [place for place, text in lists.items() if "/coming" not in text] == []
    shown = re.findall(r'/media/[^" ]+', after["/articles/walking"].text)
    assert not set(covers) & set(shown)
    assert {live.ask(address).status for address in shown} == {200}


def test_after_a_setting_is_set_every_process_speaks_of_it_and_wears_its_colour(live: Live) -> None:
    sheet = re.compile(r"/static/site\.[0-9a-f]+\.css")
    before = live.answers(["/", "/about", "/nothing-here", "/feed.xml", "/newsletter"])
    live.command("settings", "set", "site.title", "The Evening Post")
    live.command("settings", "set", "site.accent", "#7a1f5c")
    after = live.answers(before)
    assert ["The Evening Post" in answer.text for answer in before.values()] == [False] * 5
    assert ["The Evening Post" in answer.text for answer in after.values()] == [True] * 5
    (old,) = {address for path in before for address in sheet.findall(before[path].text)}
    (new,) = {address for path in after for address in sheet.findall(after[path].text)}
    assert old != new
    styles = live.ask(new)
    assert (styles.status, "7a1f5c" in styles.text.split("\n", 1)[0]) == (200, True)
    assert "immutable" in styles.header("cache-control")
    assert "immutable" not in live.ask(old).header("cache-control")


def test_after_all_html_is_made_anew_every_process_serves_the_new_html(live: Live) -> None:
    def render_by_hand() -> None:
        with write() as session:
            row = session.query(Article).filter_by(slug="rendered").one()
            row.body_html, row.rendered_with = "<p>Made by an older hand.</p>", "older"

    live.write(lambda: save(article_row("Rendered", published_at=now(), body="Made by a new hand.")))
    live.write(render_by_hand)
    places = ("/articles/rendered", "/feed.xml", "/feed.json")
    before = live.answers(places)
    assert ["Made by an older hand." in before[place].text for place in places] == [True] * 3
    live.command("rerender")
    after = live.answers(places)
    assert ["Made by an older hand." in after[place].text for place in places] == [False] * 3
    assert ["Made by a new hand." in after[place].text for place in places] == [True] * 3


def test_beside_an_import_every_answer_is_of_before_or_of_after_and_nobody_goes_back(
    live: Live, tmp_path: Path
) -> None:
    def rolling(word: str) -> dict[str, str]:
        return {
            f"articles/roll-{place}.md": article(
                f"Rolling {place} {word}", slug=f"roll-{place}", category="Rolling", published="2024-06-01"
            )
            for place in range(60)
        }

    put(tmp_path, rolling("mark1"))
    live.write(lambda: take(tmp_path))
    put(tmp_path, rolling("mark2"))
    places = ("/categories/rolling", "/categories/rolling/feed.json", "/search?q=rolling")
    over = threading.Event()
    readers = live.readers
    seen: list[list[set[str]]] = [[] for _ in readers]

    def poll(reader: Reader, marks: list[set[str]]) -> None:
        while not over.is_set():
            marks.extend(set(re.findall(r"mark\d", reader.ask(place).text)) for place in places)

    threads = [threading.Thread(target=poll, args=pair) for pair in zip(readers, seen, strict=True)]
    for thread in threads:
        thread.start()
    try:
        live.command("import", "markdown", str(tmp_path))
        ended = [len(marks) for marks in seen]
    finally:
        over.set()
        for thread in threads:
            thread.join()
    for marks, length in zip(seen, ended, strict=True):
        assert [mark for mark in marks if len(mark) != 1] == []
        in_order = [next(iter(mark)) for mark in marks]
        assert in_order == sorted(in_order)
        assert in_order[0] == "mark1"
        # One answer may have been on its way when the import ended; whoever asks afterwards gets the new.
        assert in_order[length + 1 :] == ["mark2"] * len(in_order[length + 1 :])
    assert set(re.findall(r"mark\d", live.ask("/categories/rolling").text)) == {"mark2"}
