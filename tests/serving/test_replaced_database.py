"""Another database put in the place of the one that is served: nothing old is shown for long, and nothing is lost."""

import http.client
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from tests.journeys.serving import command, free_port, served

GUARD = 60
"""Seconds after which it counts as never, far above the second or two that it takes."""


def ask(port: int, method: str, path: str, body: str = "") -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=GUARD)) as connection:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def title_is(port: int, title: str) -> bool:
    try:
        return f"<title>{title}</title>" in ask(port, "GET", "/")[1]
    except (OSError, http.client.HTTPException):
        return False  # its process has just left


def wait_for(port: int, title: str, times: int) -> int:
    """Wait until so many new connections in a row see the title; return how many do."""
    deadline, seen = time.monotonic() + GUARD, 0
    while seen < times and time.monotonic() < deadline:
        seen = seen + 1 if title_is(port, title) else 0
        time.sleep(0.02)
    return seen


def test_processes_begin_anew_with_the_database_that_is_there_now(tmp_path: Path) -> None:
    port = free_port()
    database, copy = tmp_path / "blog.sqlite3", tmp_path / "copy.sqlite3"
    command(tmp_path, "init")
    command(tmp_path, "settings", "set", "site.title", "Before")
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    command(tmp_path, "settings", "set", "site.title", "After")
    url = f"http://127.0.0.1:{port}"
    with served(tmp_path, "serve", "--port", str(port), "--workers", "2", BLOG_SITE_URL=url):
        assert wait_for(port, "After", 20) == 20
        for name in ("-wal", "-shm"):
            database.with_name(f"blog.sqlite3{name}").unlink(missing_ok=True)
        shutil.move(copy, database)
        assert wait_for(port, "Before", 60) == 60
        form = urlencode({"email": "dee@example.org", "place": "page", "page": "/"})
        assert ask(port, "POST", "/newsletter/signup", form)[0] == 303
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT address FROM subscriber").fetchall() == [("dee@example.org",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
