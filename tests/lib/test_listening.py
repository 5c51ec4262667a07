"""Listening on an address, or one plain sentence about why not."""

import socket
import threading
from contextlib import closing

import pytest

from blog.lib.listening import announce, listen
from blog.lib.refusing import Refused

from .processes import free_port


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0"])
def test_there_is_a_socket_for_each_worker_on_one_address(host: str) -> None:
    port = free_port()
    sockets = listen(host, port, 3)
    assert [one.getsockname()[1] for one in sockets] == [port] * 3
    with closing(socket.create_connection(("127.0.0.1", port))) as client:
        assert client.getpeername()[1] == port
    for one in sockets:
        one.close()


@pytest.mark.parametrize(
    ("host", "complaint"),
    [
        ("", "Name the address to listen on, for example --host 127.0.0.1."),
        ("192.0.2.1", "The server cannot listen on 192.0.2.1:8000: Cannot assign requested address. Choose"),
        ("no.such.host.invalid", "The server cannot listen on no.such.host.invalid:8000: "),
    ],
)
def test_an_address_that_is_not_ours_is_refused(host: str, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        listen(host, 8000, 1)


def test_an_address_is_not_shared_with_another_server() -> None:
    port = free_port()
    sockets = listen("127.0.0.1", port, 2)
    with pytest.raises(
        Refused, match=f"The server cannot listen on 127.0.0.1:{port}: Address already in use."
    ):
        listen("127.0.0.1", port, 2)
    for one in sockets:
        one.close()


def test_readiness_is_told_once_somebody_answers() -> None:
    told: list[str] = []
    announce("127.0.0.1", free_port(), lambda: told.append("nobody answers"), seconds=0.2)
    with closing(socket.create_server(("127.0.0.1", 0))) as door:

        def refuse() -> None:
            caller, _ = door.accept()
            with caller:
                caller.recv(4096)
                caller.sendall(b"HTTP/1.1 400 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        answering = threading.Thread(target=refuse)
        answering.start()
        announce("127.0.0.1", door.getsockname()[1], lambda: told.append("ready"))
        answering.join(60)
    assert told == ["ready"]
