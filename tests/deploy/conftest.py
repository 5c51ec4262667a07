"""A journal that runs as the shipped files want it: behind one proxy, under its public name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests.journeys.serving import Site, command, free_port, served

from .asking import HOST, Answer, Door, Visitor

TEA, NEXT = "/articles/tea-and-patience", "/newsletter/confirm?r="
CLIENTS = (
    "SELECT count(DISTINCT network), count(*) FROM signup_request "
    "JOIN subscriber ON subscriber.id = subscriber_id WHERE key IN (?, ?)"
)
"""Of how many clients the posts for two addresses were, and how many posts."""
TOKEN = "Zm9yIG9uZSByZWFkZXI"
"""What only one reader has, in a letter."""
OF_THE_CONNECTION = {
    "connection",
    "date",
    "server",
    "transfer-encoding",
    "keep-alive",
    "content-length",
    "alt-svc",
}
"""What each server says for itself; the length is seen in the body."""
_ARTICLE = """---
title: Tea and patience
published: 2025-02-07
summary: How long to wait.
---
## The water

![A cup of tea](../images/cup.png)

"""


@dataclass(frozen=True)
class Journal:
    """A journal that is being served, and the folder that it came from."""

    door: Door
    instance: Path
    folder: Path

    @property
    def site(self) -> Site:
        """Return how its database is read."""
        return Site(f"https://{HOST}", self.instance / "blog.sqlite3")

    def import_again(self) -> None:
        """Bring the folder in by the team's own command, beside the running server."""
        command(self.instance, "import", "markdown", str(self.folder))

    def choose(self, key: str, value: str) -> None:
        """Change a setting by the team's own command, beside the running server."""
        command(self.instance, "settings", "set", key, value)


@pytest.fixture(scope="session")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    """Serve a small journal once for all proxies."""
    journal = Journal(Door(free_port()), tmp_path_factory.mktemp("instance"), tmp_path_factory.mktemp("tea"))
    for name in ("articles", "images"):
        (journal.folder / name).mkdir()
    (journal.folder / "articles" / "tea.md").write_text(_ARTICLE + "Wait for the tea. " * 5000, "utf-8")
    Image.effect_noise((2600, 1800), 80).save(journal.folder / "images" / "cup.png")
    command(journal.instance, "init")
    journal.import_again()
    given = {"BLOG_SITE_URL": f"https://{HOST}", "BLOG_TRUSTED_PROXIES": "1"}
    arguments = ("serve", "--port", str(journal.door.port), "--workers", "2")
    with served(journal.instance, *arguments, **given):
        yield journal


@pytest.fixture
def direct(journal: Journal) -> Visitor:
    """Someone who stands where the proxy stands."""
    return Visitor(journal.door, headers={"X-Forwarded-Proto": "https"})


def picture_of(reader: Visitor) -> str:
    """Return the address of the picture in the article."""
    found = re.search(r'src="(/media/[^"]+)"', reader.ask(TEA).text)
    assert found
    return found[1]


def own(answer: Answer) -> list[tuple[str, str]]:
    """Return the headers of an answer, without those of the connection."""
    named = ((name.lower(), value) for name, value in answer.headers.items())
    return sorted((name, value) for name, value in named if name not in OF_THE_CONNECTION)
