"""What visitors send, as it arrives: whole or not at all, in good time, and never keeping all threads waiting."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from werkzeug.exceptions import ClientDisconnected, RequestTimeout, ServiceUnavailable

from .connections import can_look, connections, is_being_sent, silence_of
from .db import THREADS

BODY_SECONDS = 10.0
"""How long a body may take; a sender that drips may get a few times as long, a silent one not much longer."""
MOST_AT_ONCE = THREADS // 2 - 4
"""Bodies that a process waits for at once: far fewer than the page store lets through, so that pages are made."""
LARGEST_PIECE = 64 * 1024

_places = threading.BoundedSemaphore(MOST_AT_ONCE)
_waiting: dict[int, tuple[float, str]] = {}
"""By thread: since when it waits for more of a body, and from which address."""


class Body:
    """The input of one request: the server's own waits for ever, and ends early without a word."""

    def __init__(self, stream: Any, environ: dict[str, Any], seconds: float = BODY_SECONDS) -> None:
        self._stream = stream
        self._client = environ["REMOTE_ADDR"]
        length = environ.get("CONTENT_LENGTH", "")
        self._left = int(length) if length.isdecimal() else None
        self._deadline = time.monotonic() + seconds
        self._piece = 1
        self._has_place = False

    def read(self, size: int = -1) -> bytes:
        """Return some of what is left: nothing only at the end. A negative size means all of it.

        Raises an HTTP error where the body stays away or too many others are being waited for.
        """
        if size < 0:
            return b"".join(iter(lambda: self.read(LARGEST_PIECE), b""))
        if not size or self._left == 0:
            return b""
        most = min(size, self._piece, LARGEST_PIECE if self._left is None else self._left)
        with self._a_place():
            # The stream returns when it has all that was asked for: whoever drips is noticed between small pieces.
            data: bytes = self._stream.read(most)
        self._piece *= 2
        self._count(data)
        return data

    def _count(self, data: bytes) -> None:
        if self._left is not None:
            self._left -= len(data)
        if not data or self._left == 0:
            self.close()
            if self._left:
                raise ClientDisconnected
        elif time.monotonic() > self._deadline:
            self.close()
            raise RequestTimeout

    @contextmanager
    def _a_place(self) -> Iterator[None]:
        if not self._has_place:
            if not _places.acquire(blocking=False):
                raise ServiceUnavailable(retry_after=5)
            self._has_place = True
        thread = threading.get_ident()
        _waiting[thread] = (time.monotonic(), self._client)
        try:
            yield
        finally:
            del _waiting[thread]

    def readline(self, size: int = -1) -> bytes:
        """Return the next line, its end included, or as many bytes of it."""
        line = b""
        while not line.endswith(b"\n") and (size < 0 or len(line) < size):
            self._piece = 1
            byte = self.read(1)
            if not byte:
                break
            line += byte
        return line

    def readlines(self, _hint: int = -1) -> list[bytes]:
        """Return the lines that are left."""
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.readline, b"")

    def close(self) -> None:
        """Let another be waited for."""
        if self._has_place:
            self._has_place = False
            _places.release()


def hang_up_on_the_silent(seconds: float = BODY_SECONDS) -> None:
    """Stop waiting for bodies of which nothing has come for long: the threads that wait cannot do so themselves.

    Which connection a thread waits for is not known, so all are closed that come from the same address, have been
    silent as long, and are not being sent anything: the server would close them as well before long.
    """
    latest = time.monotonic() - seconds
    clients = {client for since, client in list(_waiting.values()) if since < latest}
    if not clients or not can_look():
        return
    for one, client in connections():
        if client in clients and not is_being_sent(one) and silence_of(one) >= seconds:
            with suppress(OSError):  # it has just ended by itself
                one.shutdown(socket.SHUT_RD)
