"""A mail server for tests of the ledger, and an application whose mail goes there."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.environment import ROOT
from blog.outbox import running
from blog.outbox.fencing import check_fence

from .mailserver import mail_server
from .mailtalk import Server
from .sending import kinds, send_through


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Return a mail server of which nothing is known yet."""
    with write():
        check_fence()  # as setting up the site does
    with mail_server() as made, kinds():
        send_through(app, made)
        yield made
        running.hang_up()


@pytest.fixture
def mail_process(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Return the log and the port of a mail server that is a process of its own."""
    log = tmp_path / "taken.jsonl"
    command = [sys.executable, "-m", "tests.outbox.mailserver", "--log", str(log)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield log, process.stdout.readline().strip()
        process.terminate()
