"""Sockets on which a server is asked: made, taken over from older code, and asked whether anyone answers."""

import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from .refusing import Refused
from .reloading import received

BACKLOG = 2048
"""Connections that wait to be accepted while a worker starts; the system may allow fewer."""
READY_SECONDS = 30.0
TAKING_MS = 30_000
"""How long a reader may take nothing of what is sent, where the system can see to that; then he is hung up on."""


def listen(host: str, port: int, workers: int) -> list[socket.socket]:
    """Return a socket that is listened on for each worker, or what older code in this place hands over.

    From here on clients wait instead of being refused. Raises Refused where the address is taken.
    """
    if received:
        inherited = [socket.socket(fileno=number) for number in received.sockets]
        return [inherited[number % len(inherited)] for number in range(workers)]
    if not host:
        raise Refused("Name the address to listen on, for example --host 127.0.0.1.")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        _bind(family, address).close()  # shared sockets would bind beside those of another server
        if not _shares_fairly():
            return [_listening(family, address)] * workers
        return [_listening(family, address) for _ in range(workers)]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Refused(
            f"The server cannot listen on {host}:{port}: {reason}. Choose another with --port."
        ) from error


def _shares_fairly() -> bool:
    """Tell whether the system spreads connections over sockets of one address, as Linux does.

    With one socket for all, whoever wakes up first takes all connections, and other cores have nothing to do.
    """
    return sys.platform == "linux"


def _bind(family: int, address: Any, *, shared: bool = False) -> socket.socket:
    one = socket.socket(family, socket.SOCK_STREAM)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is accepted inherits these
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKING_MS)
        if shared:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind(address)
    except BaseException:
        one.close()
        raise
    return one


def _listening(family: int, address: Any) -> socket.socket:
    one = _bind(family, address, shared=_shares_fairly())
    one.listen(BACKLOG)
    return one


def announce(host: str, port: int, ready: Callable[[], None], seconds: float = READY_SECONDS) -> None:
    """Call `ready` when a server on this address answers anything at all; give up when none does."""
    deadline = time.monotonic() + seconds
    asked = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 (asked, not bound)
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://{asked}:{port}/healthz", timeout=2).close()
        except (OSError, HTTPException) as error:
            # A refused host is an answer: it answers for its own name alone, and this is not it.
            if not (isinstance(error, urllib.error.HTTPError) and error.code == 400):
                time.sleep(0.05)
                continue
        ready()
        return
