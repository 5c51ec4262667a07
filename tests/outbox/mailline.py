"""The mail server's end of one connection: what it reads, and every way of answering badly."""

import socket
import ssl
import struct
import threading
import time

SECONDS = 60.0
"""A guard against hanging: nobody waits longer for a client."""


class Gone(Exception):  # noqa: N818 (reads as what it says)
    """The connection is over, for whatever reason."""


class Line:
    """One connection, as seen from the server."""

    def __init__(self, end: socket.socket, number: int) -> None:
        self.number = number
        """Which connection of the server it is, from 1."""
        self.encrypted = False
        self.user = ""
        """Who signed in."""
        self.accepted = 0
        """How many messages were taken on it."""
        self.over = threading.Event()
        """Set when the connection is closed from this side."""
        end.settimeout(SECONDS)
        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._end = end
        self._unread = b""

    def read_line(self) -> str:
        """Return the next command, without its end."""
        while b"\r\n" not in self._unread:
            self._more()
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line.decode("utf-8", "surrogateescape")

    def read_some_body(self) -> None:
        """Wait until something of the body has come."""
        while not self._unread:
            self._more()

    def read_body(self) -> bytes:
        """Return the message as it was before dots were doubled; its end is CRLF, dot, CRLF and nothing else."""
        if self._unread.startswith(b".\r\n"):
            self._unread = self._unread[3:]
            return b""
        while (at := self._unread.find(b"\r\n.\r\n")) < 0:
            self._more()
        body, self._unread = self._unread[: at + 2], self._unread[at + 5 :]
        return (b"\r\n" + body).replace(b"\r\n..", b"\r\n.")[2:]

    def _more(self) -> None:
        try:
            data = self._end.recv(256 * 1024)
        except OSError as error:
            raise Gone(str(error)) from None
        if not data:
            raise Gone("closed by the client")
        self._unread += data

    def say(self, answer: str) -> None:
        """Answer with these lines, each with its code already."""
        self.raw("".join(f"{line}\r\n" for line in answer.splitlines()).encode())

    def raw(self, data: bytes) -> None:
        """Send bytes as they are."""
        try:
            self._end.sendall(data)
        except OSError as error:
            raise Gone(str(error)) from None

    def drip(self, data: bytes, pause: float) -> None:
        """Send a byte, wait, send the next."""
        for place in range(len(data)):
            self.raw(data[place : place + 1])
            time.sleep(pause)

    def keep_silent(self) -> None:
        """Say nothing until the client has gone."""
        while True:
            self._more()

    def read_nothing(self) -> None:
        """Let the client talk without ever listening, until the server ends."""
        while not self.over.wait(0.05):
            pass
        raise Gone("ended by the server")

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on under TLS."""
        try:
            self._end = context.wrap_socket(self._end, server_side=True)
        except (OSError, ValueError) as error:
            raise Gone(str(error)) from None
        self.encrypted = True

    def drop(self, *, reset: bool = False) -> None:
        """End the connection without a word; with `reset`, as when a machine dies or a firewall cuts in."""
        self.close(reset=reset)
        raise Gone("dropped")

    def close(self, *, reset: bool = False) -> None:
        """End the connection."""
        try:
            if reset:
                self._end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                self._end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was closed by the other side
        self._end.close()
        self.over.set()
