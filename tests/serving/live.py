"""A journal that is really served by two processes, while tests write to it from a third."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from sqlalchemy import select, update

from app import create_app
from blog.lib.db import db, write
from blog.lib.edition import Edition
from tests.conftest import environment_in
from tests.journal import publish_journal
from tests.journeys.serving import command, free_port, served

from .reading import Answer, Headers, Reader, readers_of_all_processes

NAME = "journal.localhost"
"""A name with letters: it can be written in another case."""
IDLE = 10.0
"""Seconds without a request after which connections are not relied on: the server closes them after 30."""


@dataclass
class Live:
    """A served site with readers of all its processes."""

    port: int
    instance: Path
    app: Flask
    _readers: list[Reader] = field(default_factory=list)

    @property
    def readers(self) -> list[Reader]:
        """Return two readers of each process, on new connections where the server may have closed the old ones."""
        if not self._readers or any(reader.idle > IDLE for reader in self._readers):
            self.close()
            self._readers = readers_of_all_processes(self.port, self.host)
        return self._readers

    def close(self) -> None:
        """Close the connections of the readers."""
        for reader in self._readers:
            reader.close()

    @property
    def host(self) -> str:
        return f"{NAME}:{self.port}"

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def write(self, change: Callable[[], object]) -> None:
        """Write in this process, one more beside those that serve: `change` opens write() itself."""
        with self.app.app_context():
            change()

    def command(self, *args: str) -> str:
        """Run one of the product's commands on the site's data, to its end."""
        return command(self.instance, *args, BLOG_SITE_URL=self.url)

    def ask(self, target: str, headers: Headers = ()) -> Answer:
        """Return what all readers of all processes get; it must be the same."""
        answers = [reader.ask(target, headers) for reader in self.readers]
        assert [answer.status for answer in answers] == [answers[0].status] * len(answers), target
        assert set(answers) == {answers[0]}, target
        return answers[0]

    def answers(self, targets: Iterable[str]) -> dict[str, Answer]:
        """Return what all readers get at these addresses, asked twice: the second time it has been kept."""
        first = {target: self.ask(target) for target in targets}
        assert {target: self.ask(target) for target in targets} == first
        return first

    def edition(self) -> tuple[int, int]:
        """Return the epoch and the number of the edition that the database holds."""
        with self.app.app_context():
            row = db.session.execute(select(Edition.epoch, Edition.number)).one()
            return row.epoch, row.number

    def new_edition(self) -> None:
        """Make all that is kept old, although nothing else changes."""
        with self.app.app_context(), write() as session:
            session.execute(update(Edition).values(number=Edition.number + 1))


@contextmanager
def live_journal(instance: Path, empty_database: Path) -> Iterator[Live]:
    """Serve a small journal that has one of everything."""
    shutil.copy(empty_database, instance / "blog.sqlite3")
    port = free_port()
    live = Live(port, instance, create_app(environment_in(instance, f"http://{NAME}:{port}")))
    live.write(publish_journal)
    with served(instance, "serve", "--port", str(port), "--workers", "2", BLOG_SITE_URL=live.url):
        yield live
        live.close()
    with live.app.app_context():
        db.engine.dispose()
