"""Requests as bytes on a connection of their own: what no well-behaved client would send."""

import socket
from collections.abc import Iterable
from http.client import HTTPResponse
from io import BytesIO
from typing import Any

from .reading import HANGING, Answer, answer_in


class _Stream(BytesIO):
    """What was received, for one response after the other."""

    def makefile(self, *_args: Any, **_kwargs: Any) -> "_Stream":
        return self

    def close(self) -> None:
        """Stay open for the next response."""


def exchange(port: int, sent: bytes) -> bytes:
    """Send these bytes and return all that comes back until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANGING) as connection:
        connection.sendall(sent)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


def ask(port: int, sent: bytes, methods: Iterable[str] = ("GET",)) -> list[Answer]:
    """Send requests with these methods, the last of which closes the connection, and return the answers."""
    stream: Any = _Stream(exchange(port, sent))
    answers = []
    for method in methods:
        response = HTTPResponse(stream, method=method)
        response.begin()
        answers.append(answer_in(response))
    assert stream.read() == b""
    return answers


def request(target: bytes, host: str, *headers: bytes, method: bytes = b"GET", last: bool = True) -> bytes:
    """Return the bytes of one request without a body."""
    lines = [b"%b %b HTTP/1.1" % (method, target), b"Host: " + host.encode(), *headers]
    return b"\r\n".join([*lines, *([b"Connection: close"] if last else []), b"", b""])


def without_connection(answer: Answer) -> Answer:
    """Return the answer as it would be on a connection that stays open."""
    return Answer(
        answer.status, tuple(pair for pair in answer.headers if pair[0] != "connection"), answer.body
    )
