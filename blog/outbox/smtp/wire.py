"""A connection that never holds us longer than agreed, whatever comes or does not come over it."""

import re
import socket
import ssl
import struct
import time
from contextlib import suppress
from dataclasses import dataclass

LONGEST_LINE = 2_000
"""Bytes of a line that we read; RFC 5321 allows 512."""
MOST_LINES = 100
_AT_ONCE = 64 * 1024
_TOO_LONG = "The mail server answered with a line that is too long."


class Lost(Exception):  # noqa: N818 (reads as what it says)
    """The connection is of no use any more: closed, silent for too long, or full of what is no answer."""


@dataclass(frozen=True)
class Reply:
    """One answer of the server."""

    code: int
    lines: tuple[str, ...]
    """What stands behind the code in each, undecodable bytes replaced."""

    @property
    def text(self) -> str:
        """Return its lines as one; an enhanced code that begins each of them stands there once."""
        first = re.match(r"[245]\.\d{1,3}\.\d{1,3} ", self.lines[0])
        code = first[0] if first else ""
        return " ".join([self.lines[0], *(line.removeprefix(code) for line in self.lines[1:])]).strip()

    @property
    def enhanced(self) -> str:
        """Return the enhanced status code (RFC 3463) that the text begins with, or nothing."""
        found = re.match(r"([245]\.\d{1,3}\.\d{1,3})(?!\S)", self.text)
        # One of another class than the answer itself cannot be believed.
        return found[1] if found and found[1][0] == str(self.code)[0] else ""

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


def connect(host: str, port: int, deadline: float) -> "Wire":
    """Connect to the first address of the host that answers. Raises Lost."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Lost(f"The mail server {host} is not known: {_said(error)}.") from None
    reason = "no address"
    for family, kind, protocol, _, address in found:
        end = socket.socket(family, kind, protocol)
        try:
            end.settimeout(_left(deadline))
            end.connect(address)
            # The final dot must not wait for the acknowledgement of what went before it.
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Wire(end, deadline)
        except OSError as error:
            end.close()
            reason = _said(error)
    raise Lost(f"The mail server {host}:{port} cannot be reached: {reason}.")


class Wire:
    """The connection itself; `deadline` (monotonic) bounds everything that is done with it."""

    def __init__(self, end: socket.socket, deadline: float) -> None:
        self.deadline = deadline
        self._end = end
        self._unread = b""

    def encrypt(self, context: ssl.SSLContext, host: str) -> None:
        """Go on under TLS, what was said in clear forgotten. Raises Lost, or the SSLError of a certificate."""
        if self._unread:
            raise Lost("The mail server went on talking in clear after it had agreed to encrypt.")
        try:
            self._end.settimeout(_left(self.deadline))
            self._end = context.wrap_socket(self._end, server_hostname=host)
        except ssl.SSLError:
            raise
        except (OSError, ValueError) as error:
            raise Lost(f"The connection could not be encrypted: {_said(error)}.") from None

    def send(self, data: bytes) -> None:
        """Send it all. Raises Lost, whose `sent` says how many bytes the system had taken by then."""
        view = memoryview(data)
        while view:
            try:
                self._end.settimeout(_left(self.deadline))
                view = view[self._end.send(view[:_AT_ONCE]) :]
            except OSError as error:
                raise Broken(f"The connection broke: {_said(error)}.", len(data) - len(view)) from None

    def reply(self) -> Reply:
        """Return the next answer. Raises Lost where none comes in time, or what comes is none."""
        lines: list[str] = []
        while True:
            line = self._line()
            found = re.fullmatch(r"([1-5]\d\d)(?:([ -])(.*))?", line, re.DOTALL)
            if not found or (lines and lines[0] != found[1]) or len(lines) > MOST_LINES:
                raise Lost("The mail server answered with something that is no answer.")
            lines = [*(lines or [found[1]]), found[3] or ""]
            if found[2] != "-":
                return Reply(int(found[1]), tuple(lines[1:]))

    def _line(self) -> str:
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                raise Lost(_TOO_LONG)
            self._unread += self._received()
        line, _, self._unread = self._unread.partition(b"\n")
        if len(line) > LONGEST_LINE:
            raise Lost(_TOO_LONG)
        return line.removesuffix(b"\r").decode("utf-8", "replace")

    def _received(self) -> bytes:
        try:
            self._end.settimeout(_left(self.deadline))
            data = self._end.recv(_AT_ONCE)
        except OSError as error:
            raise Lost(f"The connection broke: {_said(error)}.") from None
        if not data:
            raise Lost("The mail server closed the connection.")
        return data

    def has_spoken(self) -> bool:
        """Tell whether something waits to be read, an answer or the end of the connection."""
        if self._unread:
            return True
        self._end.settimeout(0)
        try:
            self._unread = self._end.recv(_AT_ONCE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        return True

    def drop(self) -> None:
        """End it at once; what is still under way is thrown away on both sides."""
        with suppress(OSError):
            self._end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._end.close()

    def close(self) -> None:
        """End it in good order."""
        self._end.close()


class Broken(Lost):
    """The connection ended while something was being sent."""

    def __init__(self, reason: str, sent: int) -> None:
        super().__init__(reason)
        self.sent = sent


def _left(deadline: float) -> float:
    """Return the seconds until the deadline."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _said(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the time for it was over"
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return (reason or type(error).__name__).rstrip(".")
