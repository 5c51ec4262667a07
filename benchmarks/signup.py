"""How many signups a second the running server keeps, each one on disk. `python -m benchmarks.signup [POSTS]`."""

import http.client
import signal
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from .asking import HOST, Question, answers
from .contenders import PORT, Place, articles, site_program
from .loading import Heard, Load
from .processes import LOAD_CORE, SERVER_CORE, keep_to, running, wait_for

CONNECTIONS = 16
READERS, PAUSE_MS = 8, 8
"""Connections that read articles meanwhile, and the milliseconds that each waits before it asks again."""
LONGEST = 120


def main(posts: int) -> None:
    """Start the server on an empty site, post, and print the rate."""
    keep_to(LOAD_CORE)
    with tempfile.TemporaryDirectory() as scratch, kept(Path(scratch), posts, SERVER_CORE):
        rate = posts / load(posts, 0)
    print(
        f"{posts} signups over {CONNECTIONS} connections, 2 workers on one core: {rate:.0f} per second, all kept"
    )


def alone_and_while_read(place: Place, posts: int, first: int, core: int) -> tuple[float, float, Heard]:
    """Return the signups kept in a second, the same while articles are being read, and what the readers heard.

    The numbers of the addresses that sign up begin at `first`.
    """
    with kept(place.instance, posts * 2, core):
        alone = posts / load(posts, first)
        reading = Load(articles(place), PORT, place.folder)
        wrk = reading.start(READERS, LONGEST, "measure", PAUSE_MS)
        try:
            together = posts / load(posts, first + posts)
        finally:
            wrk.send_signal(signal.SIGINT)  # it stops, and says what it has measured until now
        return alone, together, reading.heard(wrk)


@contextmanager
def kept(instance: Path, posts: int, core: int) -> Iterator[None]:
    """Run the site while so many signups are sent; raise RuntimeError where one of them is not in its database.

    The server is killed as soon as the last one was answered: what it has said is kept must be.
    """
    program = site_program(instance, PORT, proxies=1)  # so that every post can come from a client of its own
    with running([program], core, instance / "signup.log") as servers:
        wait_for(servers, lambda: answers(PORT, Question("/"), 200))
        before = _count(instance)
        yield
        servers[0].end(signal.SIGKILL)
        found = _count(instance) - before
    if found != posts:
        raise RuntimeError(f"{posts} signups were answered and {found} are kept.")


def load(posts: int, first: int) -> float:
    """Send the posts over several connections at once and return the seconds it took."""
    failures: list[int] = []

    def send(start: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        for number in range(start, first + posts, CONNECTIONS):
            connection.request("POST", "/newsletter/signup", *_form(number))
            response = connection.getresponse()
            response.read()
            if response.status != 303:
                failures.append(response.status)
        connection.close()

    threads = [threading.Thread(target=send, args=(first + number,)) for number in range(CONNECTIONS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} posts were refused, the first with {failures[0]}.")
    return time.monotonic() - began


def _form(number: int) -> tuple[str, dict[str, str]]:
    """Return the body and the headers of a signup from an address and a client of its own."""
    fields = {"email": f"reader-{number}@example.org", "place": "article-1", "page": "/articles/x"}
    return urlencode(fields), {
        "Host": HOST,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
    }


def _count(instance: Path) -> int:
    with closing(sqlite3.connect(instance / "blog.sqlite3")) as database:
        count: int = database.execute("SELECT count(*) FROM consent").fetchone()[0]
        return count


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3000)
