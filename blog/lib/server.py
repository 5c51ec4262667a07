"""The production server; which one it is, only this file knows."""

import asyncio
import os
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

from granian import _granian
from granian._futures import _new_cbscheduler
from granian.http import HTTP1Settings

from .bodies import Body, hang_up_on_the_silent
from .connections import can_look, connections, is_being_sent
from .db import THREADS
from .gathering import AllTaken, Rest, gathered
from .listening import BACKLOG, announce
from .signals import Told
from .supervising import Job, supervise

GRANIAN = "2.8.7"
"""The version whose inner parts are used here; a test asks to look again when it is another."""
HEADER_SECONDS = 10
"""How long a request's head may take to arrive, and how long a connection may wait for its next request."""
LEAVING_SECONDS = 0.3
"""How long a worker that is told to finish goes on answering, and asks each client to come back on a new connection."""
CONNECTIONS = 4096
"""Connections that a worker holds at once, most of them idle or slow."""
SPARE_FILES = 256
"""Open files that are kept for other things than connections."""
SILENCE_SECONDS = 2.0
"""How often a worker looks for connections that have gone silent."""
LOOK_SECONDS = 0.1
"""How often a worker that is leaving looks whether anything is still being answered."""
_TAKEN = b"The site is sending as many large files as it can. Please try again in a few seconds.\n"
_TAKEN_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Retry-After", "5"),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True)
class Site:
    """What web workers serve."""

    app: Wsgi
    begin: Callable[[], object]
    """Called in each web worker before its first request: from here on there may be threads."""


def serve(
    site: Site, sockets: Sequence[socket.socket], *, ready: Callable[[], None], beside: Sequence[Job]
) -> None:
    """Serve a site, one worker for each socket, until the process is told to stop.

    Calls `ready` once, in a process of its own, when the first request was answered. Does the other jobs beside.
    """
    _allow_files()
    name = sockets[0].getsockname()
    web = [
        Job(f"Web worker {number}", partial(_work, site, number, one), one)
        for number, one in enumerate(sockets, 1)
    ]
    supervise([*web, *beside], announce=partial(announce, name[0], name[1], ready))


def _allow_files() -> None:
    """Let the process open as many files as it may: a connection is one."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        fits = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (fits, most))


def _connections() -> int:
    allowed, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return (
        CONNECTIONS if allowed == resource.RLIM_INFINITY else max(64, min(CONNECTIONS, allowed - SPARE_FILES))
    )


def _work(site: Site, number: int, listening: socket.socket, told: Told, ready: Callable[[], None]) -> None:
    """Serve until told to finish, then answer what is being asked and end."""
    site.begin()
    leaving = threading.Event()
    ended = threading.Event()
    finish = _granian.WorkerSignal()
    finish.add_cb(ended.set)
    loop = asyncio.new_event_loop()  # never runs; the server asks it for its name
    worker = _worker(number, listening)
    answer = _answering(site.app, leaving)
    make_scheduler: Any = _new_cbscheduler  # without types
    worker.serve_mtr(make_scheduler(loop, answer, impl_asyncio=True), loop, finish)
    ready()
    while not told.wait(SILENCE_SECONDS):
        hang_up_on_the_silent()
    leaving.set()
    time.sleep(LEAVING_SECONDS)
    finish.set()
    looks = 0  # an answer is nowhere to be seen for a moment between being made and being sent
    while looks < 2 and not ended.wait(LOOK_SECONDS):
        looks = 0 if _is_busy(answer) else looks + 1


def _is_busy(answer: Callable[..., None]) -> bool:
    """Tell whether anything is still being answered; connections on which nothing was asked are not waited for."""
    if not can_look():
        return True
    for frame in sys._current_frames().values():
        here: FrameType | None = frame
        while here:
            if here.f_code is answer.__code__:
                return True
            here = here.f_back
    return any(is_being_sent(one) for one, _ in connections())


def _worker(number: int, listening: socket.socket) -> Any:
    kind: Any = _granian.WSGIWorker  # what its stub says of it is older than it is
    holder: Any = _granian.SocketHolder
    http = HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000)
    no_tls: tuple[Any, ...] = (False, None, None, None, "tls1.3", None, [], False)
    return kind(
        number,
        (None, holder(os.dup(listening.fileno()), False, BACKLOG)),  # it closes what it is given
        None,  # no pipe for its metrics
        1,  # threads that move bytes
        1,  # threads that read files for it: it serves none
        THREADS,
        30,  # seconds after which an idle thread of those ends
        _connections(),
        "1",
        http,
        None,
        None,
        *no_tls,
        (None, None),
    )


class _Start:
    """What an application calls to begin its answer."""

    __slots__ = ("headers", "status")

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        exc_info: object = None,  # noqa: ARG002 (as WSGI calls it; nothing was sent yet)
    ) -> Callable[[bytes], None]:
        self.status = int(status[:3])
        self.headers = headers
        return _write


def _write(_data: bytes) -> None:
    raise NotImplementedError("Return the body; writing it piece by piece is not supported here.")


def _answering(app: Wsgi, leaving: threading.Event) -> Callable[[Any, dict[str, Any]], None]:
    """Return what the server calls with each request: it runs for every stored page, so it does little.

    (The server's own wrapper copies all of the process's environment into each request.)
    """
    same = _same_for_all()
    respond = _responding(app, leaving.is_set)

    def answer(proto: Any, environ: dict[str, Any]) -> None:
        environ.update(same)
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            body = environ["wsgi.input"] = Body(environ["wsgi.input"], environ)
            try:
                respond(proto, environ)
            finally:
                body.close()
        else:
            respond(proto, environ)

    return answer


def _responding(app: Wsgi, is_leaving: Callable[[], bool]) -> Callable[[Any, dict[str, Any]], None]:
    """Return what lets the application answer and hands the answer over, whole where it is not large."""

    def respond(proto: Any, environ: dict[str, Any]) -> None:
        start = _Start()
        parts = app(environ, start)
        rest = None
        if type(parts) is list:
            whole = parts[0] if len(parts) == 1 else b"".join(parts)
        else:
            whole, rest = _whole_or_rest(parts, start)
        headers = [*start.headers, ("Connection", "close")] if is_leaving() else start.headers
        if rest is None:
            proto.response_bytes(start.status, headers, whole)
        else:
            proto.response_iter(start.status, headers, rest)

    return respond


def _whole_or_rest(parts: Iterable[bytes], start: _Start) -> tuple[bytes, Rest | None]:
    try:
        return gathered(parts)
    except AllTaken:
        start.status, start.headers = 503, _TAKEN_HEADERS
        return _TAKEN, None


def _same_for_all() -> dict[str, Any]:
    return {
        "SCRIPT_NAME": "",
        "SERVER_SOFTWARE": "Broadsheet",
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multiprocess": True,
        "wsgi.multithread": True,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
    }
