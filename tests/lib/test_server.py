"""The production server says when it is ready, answers, and ends when it is told to."""

import signal
import socket
import threading
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from typing import Any

from blog.lib import server
from blog.lib.gathering import GATHERED, MOST_AT_ONCE, gathered
from blog.lib.server import GRANIAN

from .processes import HANGING, free_port, serving


def test_the_server_says_one_line_when_it_answers_and_ends_in_peace(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port, "--workers", "2") as served:
        said = served.line()
        assert served.get() == (200, b"ok\n")
        ended = served.end()
    address = f"http://127.0.0.1:{port}"
    assert said == f"Broadsheet is ready at {address} (listening on 127.0.0.1:{port}). Stop it with Ctrl-C.\n"
    assert ended == (0, "", "")


def test_ctrl_c_ends_it_as_well(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "1") as served:
        served.line()
        served.tell(signal.SIGINT)
        assert served.ended() == (0, "", "")


def test_what_is_being_asked_is_answered_before_it_ends(tmp_path: Path) -> None:
    body = b"email=dee%40example.org"
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        served.line()
        with closing(HTTPConnection("127.0.0.1", served.port, timeout=HANGING)) as connection:
            connection.putrequest("POST", "/newsletter/signup")
            connection.putheader("Content-Type", "application/x-www-form-urlencoded")
            connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body[:5])
            served.get()  # whoever is answered later has been heard later
            served.tell(signal.SIGTERM)
            served.tell(signal.SIGHUP)  # comes too late to matter
            connection.send(body[5:])
            answer = connection.getresponse()
            assert answer.status == 303
        assert served.ended() == (0, "", "")


def test_connections_on_which_nothing_was_asked_are_not_waited_for(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served, ExitStack() as waiting:
        served.line()
        for beginning in (b"", b"GET / HTTP/1.1\r\nX-Slow: ") * 10:
            one = waiting.enter_context(socket.create_connection(("127.0.0.1", served.port)))
            one.sendall(beginning)
        began = time.monotonic()
        assert served.end() == (0, "", "")
        assert time.monotonic() - began < 8  # it would give requests 10 seconds


def test_the_head_of_an_answer_comes_without_its_body(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "1") as served:
        served.line()
        with closing(HTTPConnection("127.0.0.1", served.port, timeout=HANGING)) as connection:
            connection.request("GET", "/")
            whole = connection.getresponse()
            body = whole.read()
            connection.request("HEAD", "/")
            head = connection.getresponse()
            assert head.read() == b""
    assert (head.status, head.headers["Content-Length"]) == (200, str(len(body)))
    assert head.headers["Etag"] == whole.headers["Etag"]


class Sink:
    """What the server gives along with a request, to be answered by."""

    def __init__(self) -> None:
        self.answered: list[tuple[Any, ...]] = []

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.answered.append((status, headers, body))

    def response_iter(self, status: int, headers: list[tuple[str, str]], rest: Any) -> None:
        body = []
        try:
            while True:
                body.append(rest.__next__())
        except StopIteration:
            rest.close()
        self.answered.append((status, headers, body))


class Pieces:
    """A body that notes when it was closed."""

    def __init__(self, *pieces: bytes) -> None:
        self.left = list(pieces)
        self.closed = 0

    def __iter__(self) -> "Pieces":
        return self

    def __next__(self) -> bytes:
        if not self.left:
            raise StopIteration
        return self.left.pop(0)

    def close(self) -> None:
        self.closed += 1


def answer_of(body: Any, *, leaving: bool = False) -> tuple[Any, ...]:
    """Return what goes out when an application answers with this body."""
    flag = threading.Event()
    if leaving:
        flag.set()

    def app(_environ: dict[str, Any], start: Any) -> Any:
        start("404 Not Found", [("X-Kept", "yes")])
        return body

    sink = Sink()
    server._answering(app, flag)(sink, {})
    return sink.answered[0]


def test_a_body_goes_out_whole_however_the_application_gives_it() -> None:
    kept = [("X-Kept", "yes")]
    pieces = Pieces(b"a", b"b")
    assert answer_of([b"ab"]) == (404, kept, b"ab")
    assert answer_of([b"a", b"b"]) == (404, kept, b"ab")
    assert answer_of([]) == (404, kept, b"")
    assert answer_of(pieces) == (404, kept, b"ab")
    assert pieces.closed == 1


def test_a_large_body_is_sent_piece_by_piece_and_closed_at_its_end() -> None:
    large = b"x" * GATHERED
    pieces = Pieces(large, large, b"end")
    assert answer_of(pieces) == (404, [("X-Kept", "yes")], [large, large, b"end"])
    assert pieces.closed == 1


def test_readers_of_large_answers_leave_threads_for_others() -> None:
    large = b"x" * GATHERED
    under_way = [gathered([large, large])[1] for _ in range(MOST_AT_ONCE)]
    refused = Pieces(large, large)
    status, headers, _ = answer_of(refused)
    assert (status, dict(headers)["Retry-After"], refused.closed) == (503, "5", 1)
    assert answer_of([b"small"])[0] == 404
    under_way.pop()  # its reader is gone, and the server has dropped it
    assert answer_of(Pieces(large, large))[0] == 404


def test_a_worker_that_is_leaving_asks_its_clients_to_come_back_anew() -> None:
    headers = [("X-Kept", "yes")]
    assert answer_of([b"ab"], leaving=True) == (404, [*headers, ("Connection", "close")], b"ab")


def test_the_server_is_the_one_whose_inner_parts_were_read() -> None:
    # Another version? Compare its server/mp.py, wsgi.py and _futures.py with blog/lib/server.py, then note it there.
    assert version("granian") == GRANIAN


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(tmp_path, port, "--workers", "1") as served:
            status, said, complained = served.ended()
    assert (status, said) == (1, "")
    assert complained.startswith(f"The server cannot listen on 127.0.0.1:{port}: ")
    assert complained.count("\n") == 1
