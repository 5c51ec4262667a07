"""What is scheduled appears at its second in every process, although nobody asked for anything in between."""

import re
import time
from datetime import datetime, timedelta
from functools import partial

from blog.content.models import Article, Question
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.words import iso
from tests.building import FUTURE, article, category, person, question, save

from .live import Live

SECONDS = (2, 4, 8, 16, 32)
"""How far ahead the moment is set: the next one where a busy machine has not looked around before it came."""
APPEARING = (
    *("/", "/articles", "/articles/aurora-at-five", "/articles/aurora-at-five.md", "/categories/morning"),
    *("/tags/light", "/people/dora-dawn", "/people/dora-dawn/feed.json", "/categories/morning/feed.xml"),
    *("/feed.xml", "/feed.json", "/sitemap.xml", "/search?q=five", "/search/results?q=five", "/faq"),
    *("/faq/when-is-aurora-at-five", "/faq/why-is-aurora-at-five", "/faq?q=five"),
)
UPDATED = ("/articles/standing", "/feed.xml", "/feed.json", "/sitemap.xml")


def prepare() -> None:
    """Write something of every kind that can appear by itself."""
    dora = person("Dora Dawn")
    dora.introduced = False
    asked = [question("When is aurora at five?", stands_alone=False)]
    alone = question("Why is aurora at five?", stands_alone=True, published_at=FUTURE)
    aurora = article(
        "Aurora at five", published_at=FUTURE, category=category("Morning"), tags=["light"],
        authors=[dora], questions=asked,
    )  # fmt: skip
    save(aurora, alone, article("Standing", published_at=now() - timedelta(minutes=1), updated_at=FUTURE))


def schedule(moment: datetime) -> None:
    """Set one moment for all of it."""
    with write() as session:
        session.query(Article).filter_by(slug="aurora-at-five").one().published_at = moment
        session.query(Article).filter_by(slug="standing").one().updated_at = moment
        session.query(Question).filter_by(slug="why-is-aurora-at-five").one().published_at = moment


def shown(live: Live, moment: datetime) -> tuple[list[str], list[str]]:
    """Return where every process shows what appears, and where the new date of what is updated."""
    appearing, updated = live.answers(APPEARING), live.answers(UPDATED)
    words = {place: re.sub(r"<[^>]+>", "", answer.text) for place, answer in appearing.items()}
    found = [place for place, text in words.items() if re.search("aurora.at.five", text, re.IGNORECASE)]
    return found, [place for place, answer in updated.items() if iso(moment) in answer.text]


def test_at_its_second_it_is_everywhere_and_not_before(live: Live) -> None:
    live.write(prepare)
    for seconds in SECONDS:
        moment = now() + timedelta(seconds=seconds)
        live.write(partial(schedule, moment))
        before = shown(live, moment)
        if now() < moment:
            break
    assert before == ([], [])
    edition = live.edition()
    time.sleep((moment - now()).total_seconds() + 0.001)
    assert shown(live, moment) == (list(APPEARING), list(UPDATED))
    assert live.edition() == edition
