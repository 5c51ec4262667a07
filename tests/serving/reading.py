"""Readers of a site that is really served: each on a connection that it keeps, to a process that it knows."""

import gzip
import re
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import brotli

HANGING = 60.0
"""Seconds after which an answer that does not come is given up."""
WORKERS = 2
EACH = 2
"""Connections that every process of the site gets."""

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back: all but the time of day."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """In lower case and in alphabetical order."""
    body: bytes

    def header(self, name: str) -> str:
        """Return the value of a header that comes at most once; empty where it does not come."""
        (value,) = [value for key, value in self.headers if key == name] or [""]
        return value

    @property
    def tag(self) -> str:
        return self.header("etag")

    @cached_property
    def text(self) -> str:
        """Return the body, unpacked."""
        packed = {"br": brotli.decompress, "gzip": gzip.decompress}.get(self.header("content-encoding"))
        return bytes(packed(self.body) if packed else self.body).decode()


def answer_in(response: HTTPResponse) -> Answer:
    """Return what a response says."""
    told = sorted((name.lower(), value) for name, value in response.getheaders() if name.lower() != "date")
    return Answer(response.status, tuple(told), response.read())


class Reader:
    """One reader, on one connection."""

    def __init__(self, port: int, host: str) -> None:
        self.host = host
        self._connection = HTTPConnection("127.0.0.1", port, timeout=HANGING)
        self._asked = time.monotonic()

    @property
    def idle(self) -> float:
        """Return for how many seconds nothing was asked."""
        return time.monotonic() - self._asked

    def ask(self, target: str, headers: Headers = (), *, method: str = "GET", body: bytes = b"") -> Answer:
        """Ask by the site's own name and with these headers, nothing else."""
        asked, self._asked = self._connection, time.monotonic()
        asked.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in (("Host", self.host), *headers):
            asked.putheader(name, value)
        asked.endheaders(body or None)
        return answer_in(asked.getresponse())

    def process(self) -> int | None:
        """Return which process answers on this connection, where the system tells."""
        if self._connection.sock is None:
            self.ask("/healthz")
        ends = [end[1] for end in (self._connection.sock.getpeername(), self._connection.sock.getsockname())]
        found = re.search(
            rf" \w+:{ends[0]:04X} \w+:{ends[1]:04X} (?:\S+ +){{6}}(\d+)", _file(Path("/proc/net/tcp"))
        )
        return _owner(f"socket:[{found[1]}]") if found else None

    def close(self) -> None:
        self._connection.close()


def readers_of_all_processes(port: int, host: str) -> list[Reader]:
    """Return two readers of each of the site's two processes.

    New connections land where it pleases the system: those that come to a process which has its two are closed
    in the end. Where the system does not tell (no /proc), so many connections reach both all the same.
    """
    kept: list[Reader] = []
    others: list[Reader] = []
    counted: Counter[int | None] = Counter()
    while len(kept) + len(others) < 100:
        reader = Reader(port, host)
        reader.ask("/healthz")
        process = reader.process()
        counted[process] += 1
        (kept if process is None or counted[process] <= EACH else others).append(reader)
        if None not in counted and len(kept) == WORKERS * EACH:
            break
    for reader in others:
        reader.close()
    assert None in counted or len(counted) == WORKERS, counted
    return kept


def _file(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


def _owner(socket: str) -> int | None:
    for handle in Path("/proc").glob("[0-9]*/fd/*"):
        with suppress(OSError):
            if str(handle.readlink()) == socket:
                return int(handle.parts[2])
    return None
