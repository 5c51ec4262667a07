"""Bodies of requests come whole and in good time, or are refused; those that dawdle never keep all threads."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from werkzeug.exceptions import ClientDisconnected, RequestTimeout, ServiceUnavailable

from blog.lib.bodies import MOST_AT_ONCE, Body, hang_up_on_the_silent

from .processes import Served, eventually, free_port, serving

CLIENT = "127.0.0.1"


def body_of(data: bytes, length: int | None = None, seconds: float = 60) -> Body:
    environ = {"REMOTE_ADDR": CLIENT} | ({} if length is None else {"CONTENT_LENGTH": str(length)})
    return Body(BytesIO(data), environ, seconds)


def test_a_body_is_read_whole_in_whatever_pieces_are_asked_for() -> None:
    data = bytes(range(256)) * 600
    assert body_of(data, len(data)).read() == data
    assert body_of(data).read() == data
    body = body_of(b"abcdef", 6)
    assert [body.read(size) for size in (0, 4, 1, 9, 9)] == [b"", b"a", b"b", b"cdef", b""]


def test_lines_are_read_with_their_ends() -> None:
    assert list(body_of(b"one\ntwo\n\nlast", 13)) == [b"one\n", b"two\n", b"\n", b"last"]
    assert body_of(b"one\ntwo", 7).readlines() == [b"one\n", b"two"]
    with closing(body_of(b"one\ntwo", 7)) as body:
        assert body.readline(2) == b"on"


def test_what_follows_the_announced_length_is_not_read() -> None:
    assert body_of(b"email=a%40b.example&", 19).read() == b"email=a%40b.example"


def test_a_body_that_breaks_off_is_no_body() -> None:
    with pytest.raises(ClientDisconnected):
        body_of(b"email=dee%40example.or", 23).read()


def test_a_body_that_dawdles_is_given_up() -> None:
    with pytest.raises(RequestTimeout):
        body_of(b"abc", 3, seconds=0).read()


def test_no_more_bodies_are_waited_for_than_leave_threads_for_others() -> None:
    waiting = [body_of(b"ab", 2) for _ in range(MOST_AT_ONCE)]
    for body in waiting:
        body.read(1)
    with pytest.raises(ServiceUnavailable):
        body_of(b"ab", 2).read(1)
    waiting[0].read(1)
    assert body_of(b"ab", 2).read() == b"ab"
    for body in waiting:
        body.close()


@contextmanager
def connected() -> Iterator[tuple[socket.socket, socket.socket]]:
    with closing(socket.create_server((CLIENT, 0))) as door:
        client = socket.create_connection(door.getsockname())
        server, _ = door.accept()
        with client, server:
            yield client, server


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_sender_that_has_gone_silent_is_hung_up_on(is_silent: bool) -> None:
    with connected() as (client, server), server.makefile("rb", buffering=0) as stream:
        ended: list[str] = []

        def read() -> None:
            try:
                Body(stream, {"REMOTE_ADDR": CLIENT, "CONTENT_LENGTH": "9"}, 60).read()
            except ClientDisconnected:
                ended.append("hung up")

        reader = threading.Thread(target=read)
        reader.start()
        if is_silent:

            def hung_up() -> bool:
                hang_up_on_the_silent(0.1)
                return bool(ended)

            assert eventually(hung_up)
        else:
            hang_up_on_the_silent(60)
            client.sendall(b"123456789")
        reader.join(60)
    assert ended == (["hung up"] if is_silent else [])


@contextmanager
def dawdling(served: Served, count: int, beginning: bytes) -> Iterator[None]:
    """Hold connections on which requests have begun, and do not go on."""
    with ExitStack() as stack:
        for _ in range(count):
            one = stack.enter_context(socket.create_connection((CLIENT, served.port)))
            one.sendall(beginning)
        yield


def test_hundreds_that_dawdle_do_not_stop_good_requests(tmp_path: Path) -> None:
    with serving(tmp_path, free_port(), "--workers", "2") as served:
        served.line()
        host = f"Host: 127.0.0.1:{served.port}\r\n".encode()
        head = b"GET / HTTP/1.1\r\n" + host + b"X-Slow: "
        length = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 99\r\n\r\ne"
        body = b"POST /newsletter/signup HTTP/1.1\r\n" + host + length
        kept = {served.get("/") for _ in range(20)}  # by now both workers have the page in their stores
        with dawdling(served, 200, head), dawdling(served, 200, body):
            began = time.monotonic()
            assert {served.get("/") for _ in range(20)} == kept
            assert eventually(lambda: served.get() == (200, b"ok\n"))  # most who dawdle were refused by now
            assert [served.get() for _ in range(20)] == [(200, b"ok\n")] * 20
            assert time.monotonic() - began < 9  # before anybody is hung up on
        assert [status for status, _ in kept] == [200]
