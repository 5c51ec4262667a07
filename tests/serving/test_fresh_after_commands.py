"""When a command has returned, no process of the site serves what was there before."""

import re
import threading
from pathlib import Path

from blog.content.models import Article
from blog.lib.clock import now
from blog.lib.db import write
from tests.building import article as article_row
from tests.building import save
from tests.transfer.folders import article, put, take

from .live import Live
from .reading import Reader


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


def rolling(word: str) -> dict[str, str]:
    """Return many articles that hold the same word."""
    return {
        f"articles/roll-{place}.md": article(
            f"Rolling {place} {word}", slug=f"roll-{place}", category="Rolling", published="2024-06-01"
        )
        for place in range(60)
    }


class Polling(threading.Thread):
    """A reader who asks without a pause, and the words that each answer held."""

    PLACES = ("/categories/rolling", "/categories/rolling/feed.json", "/search?q=rolling")

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader
        self.seen: list[str] = []
        self.over = threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.is_set():
            for place in self.PLACES:
                self.seen.append("+".join(sorted(set(re.findall(r"mark\d", self.reader.ask(place).text)))))


def test_beside_an_import_every_answer_is_of_before_or_of_after_and_nobody_goes_back(
    live: Live, tmp_path: Path
) -> None:
    put(tmp_path, rolling("mark1"))
    live.write(lambda: take(tmp_path))
    put(tmp_path, rolling("mark2"))
    polling = [Polling(reader) for reader in live.readers]
    try:
        live.command("import", "markdown", str(tmp_path))
        ended = [len(reader.seen) for reader in polling]
    finally:
        for reader in polling:
            reader.over.set()
        for reader in polling:
            reader.join()
    for reader, length in zip(polling, ended, strict=True):
        changed = reader.seen.index("mark2")
        assert reader.seen[:changed] == ["mark1"] * changed
        assert reader.seen[changed:] == ["mark2"] * (len(reader.seen) - changed)
        # One answer may have been on its way when the import ended; whoever asks afterwards gets the new.
        assert (changed > 0, changed <= length + 1) == (True, True)
