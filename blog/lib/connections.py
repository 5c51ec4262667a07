"""The connections that this process holds, looked at from outside the server that reads and writes them."""

import fcntl
import os
import socket
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress


def can_look() -> bool:
    """Tell whether the system shows what is asked for here."""
    return sys.platform == "linux"


def connections() -> Iterator[tuple[socket.socket, str]]:
    """Yield each open connection with the address of its other end."""
    for number in map(int, os.listdir("/proc/self/fd")):  # noqa: PTH208 (numbers, not paths)
        with suppress(OSError), _copy_of(number) as one:  # closed meanwhile, or no connection
            if one.family in (socket.AF_INET, socket.AF_INET6):
                yield one, str(one.getpeername()[0])


def _copy_of(number: int) -> socket.socket:
    """Return another handle of an open socket; raises OSError where it is none, and leaves nothing open."""
    copy = os.dup(number)
    try:
        return socket.socket(fileno=copy)
    except OSError:
        os.close(copy)
        raise


def is_being_sent(one: socket.socket) -> bool:
    """Tell whether the other end has not yet taken all that was sent to it."""
    unsent: int = struct.unpack("i", fcntl.ioctl(one, termios.TIOCOUTQ, b"\0" * 4))[0]
    return unsent > 0


def silence_of(one: socket.socket) -> float:
    """Return the seconds since something last came from the other end."""
    information = one.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64)
    milliseconds: int = struct.unpack_from("I", information, 52)[0]  # tcpi_last_data_recv
    return milliseconds / 1000
