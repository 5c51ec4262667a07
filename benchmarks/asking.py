"""One question to a server and its whole answer, byte by byte, so that nobody measures errors."""

import gzip
import re
import socket
from dataclasses import dataclass

HOST = "journal.example.org"
"""The host that every question names, as readers' would; the servers listen on loopback."""


@dataclass(frozen=True)
class Question:
    """What is asked for: a path, and the ETag that the reader already has."""

    path: str
    etag: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back, its head as it went over the wire."""

    status: int
    head: bytes
    body: bytes

    @property
    def size(self) -> int:
        """Return the bytes of head and body."""
        return len(self.head) + len(self.body)

    @property
    def text(self) -> bytes:
        """Return the body without its compression."""
        return gzip.decompress(self.body) if self.header("Content-Encoding") == "gzip" else self.body

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        found = re.search(rf"(?im)^{name}: *([^\r\n]*)", self.head.decode("latin-1"))
        return found[1] if found else ""


def ask(port: int, question: Question) -> Answer:
    """Ask as wrk will; raises OSError where nobody answers, ValueError where the answer cannot be read."""
    lines = [f"GET {question.path} HTTP/1.1", f"Host: {HOST}", "Accept-Encoding: gzip"]
    if question.etag:
        lines.append(f"If-None-Match: {question.etag}")
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode("ascii"))
        with connection.makefile("rb") as stream:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                line = stream.readline()
                if not line:
                    raise ValueError(f"{question.path} was answered with half a head.")
                head += line
            status = int(head.split(b" ", 2)[1])
            length = re.search(rb"(?im)^content-length: *(\d+)", head)
            if not length and status != 304:
                raise ValueError(f"{question.path} was answered without Content-Length.")
            return Answer(status, head, stream.read(int(length[1])) if length and status != 304 else b"")


def answers(port: int, question: Question, status: int) -> bool:
    """Tell whether a server answers the question with this status by now."""
    try:
        return ask(port, question).status == status
    except (OSError, ValueError, IndexError):
        return False


def addresses_of(port: int, count: int) -> list[str]:
    """Return the paths of so many articles, as the listings of the site name them."""
    found: dict[str, None] = {}
    number = 1
    while len(found) < count:
        answer = ask(port, Question(f"/articles?page={number}"))
        paths = re.findall(r'href="(/articles/[^"?#]+)"', answer.text.decode())
        if answer.status != 200 or not paths:
            raise RuntimeError(f"The listings name {len(found)} articles; {count} are to be read.")
        found |= dict.fromkeys(paths)
        number += 1
    return list(found)[:count]
