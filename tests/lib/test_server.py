"""The production server says when it is ready, answers, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

from blog.lib.environment import ROOT

HANGING = 60
"""Seconds after which a server that hangs is ended."""


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    """Start the server on this data; it is ended with everything it started, whatever happens."""
    process = subprocess.Popen(
        [sys.executable, ROOT / "app.py", "serve", "--port", str(port), *arguments],
        env=os.environ | {"BLOG_INSTANCE": str(folder), "BLOG_SITE_URL": f"http://127.0.0.1:{port}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    guard = Timer(HANGING, os.killpg, (process.pid, signal.SIGKILL))
    guard.start()
    with process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=HANGING)
            guard.cancel()


def first_line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_the_server_says_one_line_when_it_answers_and_ends_in_peace(tmp_path: Path) -> None:
    port = free_port()
    with serving(tmp_path, port, "--workers", "2") as process:
        said = first_line(process)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            assert (answer.status, answer.read()) == (200, b"ok\n")
        process.send_signal(signal.SIGTERM)
        rest, complained = process.communicate(timeout=HANGING)
    address = f"http://127.0.0.1:{port}"
    assert said == f"Broadsheet is ready at {address} (listening on 127.0.0.1:{port}). Stop it with Ctrl-C.\n"
    assert (process.returncode, rest, complained) == (0, "", "")


def test_a_port_that_is_taken_is_one_sentence(tmp_path: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with serving(tmp_path, port, "--workers", "1") as process:
            said, complained = process.communicate(timeout=HANGING)
    assert (process.returncode, said) == (1, "")
    assert complained.startswith(f"The server cannot listen on 127.0.0.1:{port}: ")
    assert complained.count("\n") == 1
