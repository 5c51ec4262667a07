"""Behind nginx nobody notices that a process of Broadsheet was killed, or that it runs other code now."""

import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.journeys.serving import command, free_port, served

from .asking import HOST, SECONDS, Visitor
from .nginx import nginx
from .proxies import Proxy

pytestmark = pytest.mark.proxy


def children(process: int) -> list[int]:
    """Return the processes that one has started, oldest first."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return sorted(
        int(row[0]) for row in rows if int(row[1]) == process and row[2][0] != "Z" and row[3] != "ps"
    )


def kill_one(server: int, number: int) -> None:
    """Kill a process, another one each time, when all of them are there."""
    wait_until(lambda: len(children(server)) >= 2)
    found = children(server)
    os.kill(found[number % len(found)], signal.SIGKILL)


def reload(server: int, _number: int) -> None:
    os.kill(server, signal.SIGHUP)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def wait_for_more(told: Counter[int]) -> None:
    enough = sum(told.values()) + 100
    wait_until(lambda: sum(told.values()) > enough)


@contextmanager
def asking(proxy: Proxy) -> Iterator[Counter[int]]:
    """Let readers ask without a pause, and count what they are told."""
    told: Counter[int] = Counter()
    over = threading.Event()

    def ask(number: int) -> None:
        reader = Visitor(proxy.secure, source=f"127.0.20.{number}")
        while not over.is_set():
            answer = reader.ask(f"/search?q={sum(told.values())}")  # no page that is stored already
            told[answer.status] += 1

    readers = [threading.Thread(target=ask, args=(number,)) for number in range(1, 5)]
    for reader in readers:
        reader.start()
    try:
        yield told
    finally:
        over.set()
        for reader in readers:
            reader.join()


@pytest.mark.parametrize("trouble", [kill_one, reload])
def test_no_reader_notices(tmp_path: Path, trouble: Callable[[int, int], None]) -> None:
    port, before = free_port(), set(children(os.getpid()))
    command(tmp_path / "instance", "init")
    given = {"BLOG_SITE_URL": f"https://{HOST}", "BLOG_TRUSTED_PROXIES": "1"}
    with served(tmp_path / "instance", "serve", "--port", str(port), "--workers", "2", **given):
        (server,) = set(children(os.getpid())) - before
        with nginx(tmp_path / "nginx", port) as proxy, asking(proxy) as told:
            for number in range(6):
                trouble(server, number)
                wait_for_more(told)
        assert set(told) == {200}, proxy.complaints.read_text("utf-8")
