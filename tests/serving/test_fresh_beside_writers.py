"""Readers beside a writer: each answer is one committed state, never an older one than was there when they asked."""

import re
import threading
from dataclasses import dataclass, field
from functools import partial

from blog.content.models import Article
from blog.content.rendering import render_article
from blog.lib.clock import now
from blog.lib.db import write
from blog.settings.declaring import choose
from tests.building import article, no_pictures, save

from .live import Live
from .reading import Reader

COMMITS = 40
PLACES = ("/articles/counted", "/search?q=counted", "/feed.xml", "/articles/counted.md", "/about", "/no-such")
"""Each shows the number of the state: in its text, at its foot, or in both."""


@dataclass
class Log:
    """What one writer has done so far, and what was wrong with what readers got meanwhile."""

    begun: int = 0
    committed: int = 0
    wrong: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def write_state(number: int) -> None:
    """Write a number into an article, and in the same transaction at the foot of every page."""
    with write() as session:
        row = session.query(Article).filter_by(slug="counted").one()
        row.title = f"Counted state{number}"
        render_article(row, no_pictures)
        choose("site.notice", f"Notice state{number}")


def read_on(reader: Reader, log: Log) -> None:
    """Read without a pause; note answers that are torn, too old, or older than the one before."""
    last = 0
    while not log.over.is_set():
        for place in PLACES:
            at_least = max(last, log.committed)
            found = {int(number) for number in re.findall(r"state(\d+)", reader.ask(place).text)}
            if len(found) != 1 or not at_least <= max(found) <= log.begun:
                log.wrong.append(f"{place}: {found}, at least {at_least}, at most {log.begun}")
            last = max(found | {last})


def test_nobody_sees_a_torn_state_or_an_older_one_than_the_last_committed(live: Live) -> None:
    live.write(lambda: save(article("Counted state0", slug="counted", published_at=now(), body="Text.")))
    live.write(lambda: write_state(0))
    log = Log()
    threads = [threading.Thread(target=read_on, args=(reader, log)) for reader in live.readers]
    for thread in threads:
        thread.start()
    try:
        for number in range(1, COMMITS + 1):
            log.begun = number
            live.write(partial(write_state, number))
            log.committed = number
            log.over.wait(0.01)  # readers find some states kept, too, and do not only make pages
    finally:
        log.over.set()
        for thread in threads:
            thread.join()
    assert log.wrong == []
    last = live.answers(PLACES)
    assert [place for place in PLACES if f"state{COMMITS}" not in last[place].text] == []


def test_signups_leave_everything_kept(live: Live) -> None:
    before, edition = live.answers(["/", "/newsletter", "/newsletter/thanks"]), live.edition()
    form = b"place=article-1&page=/&wording=&website=&email="
    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Origin", live.url)]
    for place, reader in enumerate(live.readers):
        body = form + b"reader-%d@example.org" % place
        length = ("Content-Length", str(len(body)))
        answer = reader.ask("/newsletter/signup", [*headers, length], method="POST", body=body)
        assert (answer.status, str(answer.header("location"))[:22]) == (303, "/newsletter/confirm?r=")
    assert live.edition() == edition
    for path, answer in before.items():
        assert live.ask(path, [("If-None-Match", answer.tag)]).status == 304
