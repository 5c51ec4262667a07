"""Connections are looked at from outside, and looking leaves nothing behind."""

import os
import socket
from collections import deque
from contextlib import closing

from blog.lib.connections import connections


def open_files() -> list[str]:
    return sorted(os.listdir("/proc/self/fd"))


def test_every_open_connection_is_seen_with_its_other_end() -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as server,
        closing(socket.create_connection(server.getsockname())) as one,
        closing(server.accept()[0]) as taken,
    ):
        seen = [(found.getpeername(), address) for found, address in connections()]
        assert (one.getpeername(), "127.0.0.1") in seen
        assert (taken.getpeername(), "127.0.0.1") in seen


def test_looking_leaves_no_file_open_however_often() -> None:
    ends = os.pipe()  # a file that is no connection
    before = open_files()
    for _ in range(50):
        deque(connections(), maxlen=0)
    after = open_files()
    for end in ends:
        os.close(end)
    assert after == before
