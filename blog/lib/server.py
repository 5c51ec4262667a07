"""The production server; which one it is, only this file knows."""

import os
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from .db import THREADS
from .refusing import Refused

READY_SECONDS = 30.0


def serve(target: str, *, host: str, port: int, workers: int, ready: Callable[[], None]) -> None:
    """Run the WSGI application factory `target` until the process is told to stop.

    Calls `ready` once, in a process of its own, when the first request was answered. Raises Refused where
    the address is taken.
    """
    server = Granian(
        target,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        factory=True,
        websockets=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        respawn_interval=0.2,
        workers_kill_timeout=10,
    )
    check_free(host, port)
    _watch(host, port, ready)
    try:
        server.serve()
    except (OSError, RuntimeError) as error:
        # What the server says goes on with a stack trace of its own; its first line is the reason.
        raise _taken(host, port, next(iter(str(error).splitlines()), type(error).__name__)) from error


def check_free(host: str, port: int) -> None:
    """Raise Refused where the address cannot be listened on."""
    if not host:
        raise Refused("Name the address to listen on, for example --host 127.0.0.1.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, ValueError, TypeError) as error:
        raise _taken(host, port, getattr(error, "strerror", None) or str(error)) from error


def _taken(host: str, port: int, reason: str) -> Refused:
    return Refused(f"The server cannot listen on {host}:{port}: {reason}. Choose another with --port.")


def _watch(host: str, port: int, ready: Callable[[], None]) -> None:
    """Tell when the server answers, from a process of its own.

    The server forks its workers, and a thread that lives at that moment may leave them a lock that nobody
    opens again. The process is forked twice, so that the server has no child to wait for.
    """
    server = os.getpid()
    first = os.fork()
    if first:
        os.waitpid(first, 0)
        return
    if os.fork() == 0 and _answers(host, port, server):
        ready()
    os._exit(0)


def _answers(host: str, port: int, server: int) -> bool:
    """Ask until the server answers anything at all; give up when it has ended or never does."""
    deadline = time.monotonic() + READY_SECONDS
    asked = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 (asked, not bound)
    while time.monotonic() < deadline:
        try:
            os.kill(server, 0)
            urllib.request.urlopen(f"http://{asked}:{port}/healthz", timeout=2).close()
        except urllib.error.HTTPError:
            return True  # it answers for its own host name alone, and this is not it
        except ProcessLookupError:
            return False
        except (OSError, HTTPException):
            time.sleep(0.05)
        else:
            return True
    return False
