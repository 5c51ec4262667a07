"""The shipped configurations, with other ports and another certificate, on this machine's own addresses."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.journeys.serving import ROOT

from .asking import Door

SHIPPED = ROOT / "deploy"
SECONDS = 30
"""A guard against hanging, far above what a start takes."""
PLACES = ("/usr/local/sbin", "/usr/sbin", "/sbin")
"""Where programs of servers are that a person's PATH may not name."""


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs: its two doors and what it writes down."""

    plain: Door
    secure: Door
    log: Path
    """What was asked."""
    complaints: Path

    def written(self) -> str:
        """Return all that was written about who asked; Caddy makes the file with its first line."""
        return self.log.read_text("utf-8") if self.log.exists() else ""

    def written_about(self, asking: Callable[[str], object]) -> str:
        """Return the line that is written about who asks under the name given; it may come after the answer."""
        agent = f"reader-{secrets.token_hex(6)}"
        asking(agent)
        deadline = time.monotonic() + SECONDS
        while not (lines := [line for line in self.written().split("\n")[:-1] if agent in line]):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return lines[0]


def program(name: str, package: str) -> str:
    """Return the path of a proxy; the test fails with what to do where there is none."""
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *PLACES)))
    if found is None:
        pytest.fail(f"{name} is missing: install it (on Debian, as root: apt-get install {package}).")
    return found


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return a configuration with other words; each must stand in it."""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


@contextmanager
def running(command: list[str], said: Path, *doors: Door, **given: str) -> Iterator[None]:
    """Run a proxy until the block ends, what it says going into a file; it is ready when all its doors are open."""
    with said.open("w") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=os.environ | given)
    with process:
        try:
            deadline = time.monotonic() + SECONDS
            while not all(_is_open(door) for door in doors):
                still = process.poll() is None and time.monotonic() < deadline
                assert still, f"The proxy did not start: {said.read_text('utf-8')}"
                time.sleep(0.02)
            yield
        finally:
            process.terminate()


def _is_open(door: Door) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", door.port)) == 0
