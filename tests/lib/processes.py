"""The real server with all its processes: started, asked without a pause, and looked at from outside."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from blog.lib.environment import ROOT

HANGING = 60
"""Seconds after which whatever hangs is given up."""


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def eventually(is_so: Callable[[], bool]) -> bool:
    """Wait until it is so; the end of the wait is a guard against hanging, never a measurement."""
    end = time.monotonic() + HANGING
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


def children(process: int) -> list[int]:
    """Return the processes that one has forked and not yet buried, oldest first."""
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return sorted(int(child) for child, parent, state in rows if int(parent) == process and state[0] != "Z")


def is_there(process: int) -> bool:
    """Say whether the process lives; whoever is dead and not yet buried does not."""
    listed = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip()[:1] not in ("", "Z")


class Served:
    """A server that runs in a session of its own, so that all it started can be ended with it."""

    def __init__(self, folder: Path, port: int, *arguments: str, **given: str) -> None:
        self.port = port
        kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
        self.process = subprocess.Popen(
            [sys.executable, ROOT / "app.py", "serve", "--port", str(port), *arguments],
            env=kept | {"BLOG_INSTANCE": str(folder)} | given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def line(self) -> str:
        """Return the next line that it says, as soon as it says it."""
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def complaint(self) -> str:
        """Return the next line of its standard error."""
        assert self.process.stderr is not None
        return self.process.stderr.readline()

    def children(self, count: int) -> list[int]:
        """Return its children, as soon as there are so many: who says that it is ready lives a little longer."""
        assert eventually(lambda: len(children(self.process.pid)) == count)
        return children(self.process.pid)

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self) -> tuple[int, str, str]:
        """Tell it to stop; return its status and what it said and complained of until then."""
        self.tell(signal.SIGTERM)
        return self.ended()

    def ended(self) -> tuple[int, str, str]:
        said, complained = self.process.communicate(timeout=HANGING)
        return self.process.returncode, said, complained

    def get(self, path: str = "/healthz", host: str = "") -> tuple[int, bytes]:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=HANGING)) as connection:
            connection.request("GET", path, headers={"Host": host} if host else {})
            answer = connection.getresponse()
            return answer.status, answer.read()


@contextmanager
def serving(folder: Path, port: int, *arguments: str, **given: str) -> Iterator[Served]:
    """Start the server on this data; it is ended with everything it started, whatever happens."""
    if not (folder / "settings.env").exists():
        given.setdefault("BLOG_SITE_URL", f"http://127.0.0.1:{port}")
    served = Served(folder, port, *arguments, **given)
    guard = threading.Timer(HANGING, _kill_all, (served.process.pid,))
    guard.start()
    with served.process:
        try:
            yield served
        finally:
            guard.cancel()
            _kill_all(served.process.pid)


def _kill_all(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


@contextmanager
def asking(served: Served, threads: int = 4) -> Iterator[list[str]]:
    """Let readers ask without a pause, each on a connection it keeps; yield the list of what went wrong."""
    wrong: list[str] = []
    answered = threading.Semaphore(0)
    over = threading.Event()

    readers = [
        threading.Thread(target=_read, args=(served.port, wrong, answered, over)) for _ in range(threads)
    ]
    for reader in readers:
        reader.start()
    try:
        for _ in range(50 * threads):
            answered.acquire(timeout=HANGING)
        yield wrong
    finally:
        over.set()
        for reader in readers:
            reader.join(HANGING)


def _read(port: int, wrong: list[str], answered: threading.Semaphore, over: threading.Event) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=HANGING)
    while not over.is_set():
        try:
            connection.request("GET", "/healthz")
            answer = connection.getresponse()
            body = answer.read()
            if (answer.status, body) != (200, b"ok\n"):
                wrong.append(f"{answer.status} {body!r}")
        except (OSError, HTTPException) as error:
            wrong.append(type(error).__name__)
            connection.close()
        answered.release()
    connection.close()
