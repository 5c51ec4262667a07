"""A mail server that fails as it is told; what it took stands in its log, which is the truth.

    with mail_server() as server:
        server.script.at("RCPT", answer("550 5.1.1 No such user"), to="bob@example.org")
        ...                                  # BLOG_MAIL_URL=server.url, or MailSettings from server.settings()
        assert [taken.recipient for taken in server.taken] == ["ann@example.org"]

As a process of its own, which appends a line of JSON for every message before it says that it took it:

    python -m tests.outbox.mailserver --log FILE [--port N] [--temporary 30] [--seed 7] [--close-every 10]
                                      [--fault DOT=drop] [--fault "MAIL=421 Enough"] [--seconds 600]
"""

import argparse
import json
import os
import signal
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from blog.lib.mail_settings import Security

from .mailline import SECONDS, Gone, Line
from .mailscript import Action, Script, answer, drip, drop, silence, slow
from .mailtalk import OFFERS, Server, Taken, Talk


@contextmanager
def mail_server(
    *,
    offers: tuple[str, ...] = OFFERS,
    certificate: ssl.SSLContext | None = None,
    security: Security = Security.NONE,
    users: dict[str, str] | None = None,
    sign_in: tuple[str, ...] = ("AUTH PLAIN LOGIN",),
    note: Callable[[Taken], object] = lambda taken: None,
    port: int = 0,
) -> Iterator[Server]:
    """Run a mail server on this machine until the block ends."""
    with socket.create_server(("127.0.0.1", port), backlog=64) as listening:
        server = Server(
            listening.getsockname()[1],
            offers=offers,
            certificate=certificate,
            security=security,
            users=users or {},
            sign_in=sign_in,
            note=note,
        )

        thread = threading.Thread(target=_listen, args=(server, listening), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(SECONDS)
            for line in server.lines:
                line.close(reset=True)


def _listen(server: Server, listening: socket.socket) -> None:
    while True:
        try:
            end, _ = listening.accept()
        except ConnectionAbortedError:
            continue  # whoever called was killed before we answered
        except OSError:
            return
        line = Line(end, len(server.lines) + 1)
        server.lines.append(line)
        threading.Thread(target=_talk, args=(server, line), daemon=True).start()


def _talk(server: Server, line: Line) -> None:
    try:
        if server.security is Security.TLS:
            assert server.certificate is not None
            line.encrypt(server.certificate)
        Talk(server, line).go_on()
    except Gone:
        pass
    finally:
        line.close()


def writing_to(path: Path) -> Callable[[Taken], None]:
    """Return what appends each message to the file, in one write, before it is answered."""
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(taken: Taken) -> None:
        entry = {
            "at": time.time(),
            "message_id": taken.message_id,
            "sender": taken.sender,
            "recipients": taken.recipients,
            "size": len(taken.data),
            "connection": taken.connection,
        }
        os.write(log, f"{json.dumps(entry)}\n".encode())

    return note


ACTIONS: dict[str, Callable[[], Action]] = {
    "drop": drop,
    "drop-before-taking": lambda: drop(takes=False),
    "silence": silence,
    "drip": lambda: drip(0.5),
    "slow": lambda: slow(1.0),
}


def tell(script: Script, words: argparse.Namespace) -> None:
    """Give the script what the command line says."""
    script.close_every(words.close_every)
    script.temporary(words.temporary, seed=words.seed)
    for fault in words.fault:
        place, _, what = fault.partition("=")
        script.at(place, ACTIONS[what]() if what in ACTIONS else answer(what))


def main(arguments: list[str]) -> None:
    """Serve until told to end; the first line of the output is the port."""
    parser = argparse.ArgumentParser(prog="python -m tests.outbox.mailserver")
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--temporary", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--close-every", type=int, default=0, metavar="MESSAGES")
    parser.add_argument("--fault", action="append", default=[], metavar="PLACE=ANSWER")
    parser.add_argument("--seconds", type=float, default=600.0)
    words = parser.parse_args(arguments)
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    with mail_server(note=writing_to(words.log), port=words.port) as server:
        tell(server.script, words)
        print(server.port, flush=True)
        told.wait(words.seconds)


if __name__ == "__main__":
    main(sys.argv[1:])
