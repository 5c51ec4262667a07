"""What other processes do to a database while a test looks on; each function runs in a process of its own."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import func, select

from app import create_app
from blog.lib.db import db, fold_log, write
from blog.lib.locking import writers_lock
from blog.settings.models import StoredSetting
from blog.site.cli import set_up
from tests.conftest import environment_in

HANGING = 120
"""Seconds after which a test gives up on its processes."""


def processes(count: int) -> ProcessPoolExecutor:
    """Return so many processes that share nothing with this one but the files."""
    return ProcessPoolExecutor(count, mp_context=get_context("spawn"))


@contextmanager
def opened(folder: Path) -> Iterator[None]:
    """Open the database in this folder as a process of its own does."""
    application = create_app(environment_in(folder))
    with application.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def count_up(folder: Path, times: int) -> None:
    """Read a number, add one, write it back."""
    with opened(folder):
        for _ in range(times):
            with write() as session:
                row = session.get_one(StoredSetting, "count")
                row.value = row.value + 1


def write_rows(folder: Path, name: str, times: int) -> None:
    """Write large rows, one transaction each."""
    with opened(folder):
        for number in range(times):
            with write() as session:
                session.add(StoredSetting(key=f"{name} {number}", value="x" * 20_000))


def fold_until(folder: Path, stop: Path) -> int:
    """Fold the log again and again until the file `stop` is there; return how often there was something in it."""
    worth = 0
    with opened(folder):
        log = folder / "blog.sqlite3-wal"
        while not stop.exists():
            with writers_lock():
                worth += _size(log) > 0
                fold_log()
    return worth


def _size(log: Path) -> int:
    try:
        return log.stat().st_size
    except FileNotFoundError:  # the last one to close the database takes the log away
        return 0


def prepare(folder: Path) -> int:
    """Set the site up and return how many wordings it has."""
    with opened(folder):
        set_up()
        return db.session.scalar(select(func.count()).select_from(db.metadata.tables["wording"])) or 0
