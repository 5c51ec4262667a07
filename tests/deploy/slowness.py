"""Visitors who send as slowly as they can: a byte now and then, of a header or of a form, never to the end."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from .asking import HOST, Door

_HEADERS = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode()
_BODY = (
    f"POST /newsletter/signup HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 60000\r\n"
    "Content-Type: application/x-www-form-urlencoded\r\n\r\nemail="
).encode()


@dataclass(frozen=True)
class Crowd:
    """Connections that are all open at once, and never finish what they say."""

    connections: list[socket.socket]

    def drip(self) -> None:
        """Send one byte more on each; those that were closed by the other side no longer count."""
        for connection in list(self.connections):
            try:
                connection.sendall(b"x")
            except OSError:
                self.connections.remove(connection)
                connection.close()

    def heard(self) -> list[bytes]:
        """Return the first line that each was told, waiting for it."""
        lines = []
        for connection in self.connections:
            try:
                lines.append(connection.recv(65536).partition(b"\r\n")[0])
            except ConnectionResetError:
                lines.append(b"")
        return lines


@contextmanager
def dripping_headers(door: Door, sources: list[str]) -> Iterator[Crowd]:
    """Let one slow sender of headers come from each address."""
    with _crowd(door, sources, _HEADERS) as crowd:
        yield crowd


@contextmanager
def dripping_bodies(door: Door, sources: list[str]) -> Iterator[Crowd]:
    """Let one slow sender of a signup come from each address."""
    with _crowd(door, sources, _BODY) as crowd:
        yield crowd


@contextmanager
def _crowd(door: Door, sources: list[str], said: bytes) -> Iterator[Crowd]:
    with ExitStack() as stack:
        crowd = Crowd([stack.enter_context(door.connect(source)) for source in sources])
        for connection in crowd.connections:
            connection.sendall(said)
        yield crowd


def addresses(count: int, network: int) -> list[str]:
    """Return so many addresses of this machine, each one visitor's."""
    return [f"127.{network}.{number // 250}.{number % 250 + 1}" for number in range(count)]
