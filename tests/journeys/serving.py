"""The product as a reader meets it: the real command, on a port of its own, in a data folder of its own."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

START_SECONDS = 240
"""A guard against hanging, far above what a start takes."""


@dataclass(frozen=True)
class Site:
    """A site that is being served."""

    url: str
    database: Path

    def rows(self, question: str, *values: object) -> list[tuple[object, ...]]:
        """Return what the site's database answers."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as connection:
            return list(connection.execute(question, values))

    def forget(self, table: str) -> None:
        """Empty a table, as if its rows had grown old."""
        with closing(sqlite3.connect(self.database, timeout=30)) as connection:
            connection.execute(f"DELETE FROM {table}")
            connection.commit()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def environment(instance: Path, **given: str) -> dict[str, str]:
    """Return the environment of a command that keeps its data in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
    return kept | {"BLOG_INSTANCE": str(instance)} | given


def command(instance: Path, *args: str, **given: str) -> str:
    """Run one of the product's commands to its end and return what it printed."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py"), *args],
        env=environment(instance, **given),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@contextmanager
def served(instance: Path, *args: str, **given: str) -> Iterator[str]:
    """Run a command that serves; yield its output up to its ready line, and end it by its id afterwards."""
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), *args],
        env=environment(instance, **given),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # so that its workers can be ended with it
    )
    guard = threading.Timer(START_SECONDS, _kill, (server,))
    guard.start()
    try:
        said = _until_ready(server)
        guard.cancel()
        yield said
    finally:
        guard.cancel()
        server.send_signal(signal.SIGTERM)
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            _kill(server)
            server.communicate()


def _kill(server: subprocess.Popen[str]) -> None:
    """End the server and its workers at once: one that hangs may not wait for the others."""
    os.killpg(server.pid, signal.SIGKILL)


def _until_ready(server: subprocess.Popen[str]) -> str:
    assert server.stdout is not None
    said = ""
    for line in server.stdout:
        said += line
        if line.startswith("Broadsheet is ready at "):
            return said
    raise AssertionError(f"The site did not start; it said:\n{said}")
