"""What it costs to know whether a stored page is still fresh. `python -m benchmarks.validity`."""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from timeit import Timer

from werkzeug.test import create_environ

from app import create_app
from blog.lib.edition import announce_edition
from blog.lib.environment import Environment
from blog.lib.mapped import MappedWord

from .site import ADDRESS, site

ROUNDS = 7
OURS = "the mapped word, and the next moment at which something turns"
"""What the page store does at each hit (blog/lib/edition.py)."""
HIT = "a whole answer for a stored page, without the server around it"


def microseconds() -> dict[str, float]:
    """Return the microseconds of each way to ask, the best of several rounds, an empty call taken off."""
    with tempfile.TemporaryDirectory() as folder:
        word = MappedWord(Path(folder) / "word")
        with closing(_database(Path(folder) / "database")) as database:
            ways = _ways(word, database)
            empty = _cost(lambda: None)
            return {name: max(0.0, _cost(way) - empty) for name, way in ways.items()}


def _ways(word: MappedWord, database: sqlite3.Connection) -> dict[str, Callable[[], object]]:
    cells, stored, until, clock = word.cells, 0, time.time() + 3600, time.time
    ask = database.execute
    return {
        "the mapped word alone": lambda: cells[0] == stored,
        OURS: lambda: cells[0] == stored and clock() < until,
        "instead: PRAGMA data_version": lambda: ask("PRAGMA data_version").fetchone(),
        "instead: a SELECT": lambda: ask("SELECT epoch, number FROM edition").fetchone(),
    }


def _database(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path)
    database.executescript(
        "PRAGMA journal_mode=WAL; CREATE TABLE edition (id INTEGER PRIMARY KEY, epoch, number);"
        "INSERT INTO edition VALUES (1, 7, 7);"
    )
    return database


def hit(instance: Path, path: str) -> float:
    """Return the microseconds in which a site answers for a page it keeps, without a server around it."""
    app = create_app(Environment(instance, ADDRESS, "k" * 32, instance / "blog.sqlite3", 0))
    with app.app_context():
        announce_edition()  # as `serve` does; where articles were copied past write(), nothing would be kept
    environ = create_environ(path, ADDRESS, headers={"Accept-Encoding": "gzip"})

    def begin(
        _status: str, _headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        return len

    def answer() -> bytes:
        return b"".join(app.wsgi_app(environ, begin))

    answer()
    return _cost(answer)


def _cost(work: Callable[[], object]) -> float:
    timer = Timer(work)
    repeats, _ = timer.autorange()
    return min(timer.repeat(ROUNDS, max(1, repeats // 4))) / max(1, repeats // 4) * 1e6


def main() -> None:
    """Print the microseconds of each way, and of a whole hit."""
    for name, cost in microseconds().items():
        print(f"{cost:9.3f} microseconds  {name}")
    with site(10) as (_, instance):
        print(f"{hit(instance, '/'):9.3f} microseconds  {HIT}")


if __name__ == "__main__":
    main()
