"""A writer that is killed while it commits leaves readers the truth: what was committed, and nothing else."""

import subprocess
import sys

import pytest

from blog.content.models import Article
from blog.lib.clock import now
from blog.lib.db import write
from tests.building import article, save
from tests.journeys.serving import ROOT, environment

from .live import Live

PLACES = ("/articles/left-behind", "/articles/left-behind.md", "/feed.xml")


def rename(title: str) -> None:
    with write() as session:
        session.query(Article).filter_by(slug="left-behind").one().title = title


def titles(live: Live) -> set[str]:
    """Return which of the titles every process shows."""
    texts = [answer.text for answer in live.answers(PLACES).values()]
    known = ("Title before", "Title of the dead", "Title of the living")
    return {title for title in known for text in texts if title in text}


@pytest.fixture(scope="module", autouse=True)
def _left_behind(live: Live) -> None:
    live.write(lambda: save(article("Title before", slug="left-behind", published_at=now())))


@pytest.mark.parametrize(
    ("moment", "shown"), [("before_commit", "Title before"), ("after_commit", "Title of the dead")]
)
def test_readers_get_what_the_dead_writer_committed(live: Live, moment: str, shown: str) -> None:
    live.write(lambda: rename("Title before"))
    assert titles(live) == {"Title before"}
    died = subprocess.run(
        [sys.executable, "-m", "tests.serving.dying", "Title of the dead", moment],
        cwd=ROOT,
        env=environment(live.instance, BLOG_SITE_URL=live.url),
        check=False,
    )
    assert died.returncode == -9
    assert titles(live) == {shown}
    live.write(lambda: rename("Title of the living"))
    assert titles(live) == {"Title of the living"}
