"""Two workers by mistake, one that stood still, one that is told to end: nobody gets a letter twice."""

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.db import db, write
from blog.lib.environment import ROOT
from blog.outbox.models import Delivery, State
from blog.outbox.settling import counts
from blog.outbox.telling import tell_team
from blog.settings.declaring import choose
from tests.worker.test_cli import working

from .mailscript import slow
from .mailserver import mail_server
from .sending import batch_to, is_done, states

SECONDS = 60


def worker(app: Flask, port: str, how: str = "0") -> "subprocess.Popen[bytes]":
    """Start a worker that sends what is due, and ends."""
    folder = str(app.config["INSTANCE"])
    return subprocess.Popen([sys.executable, "-m", "tests.outbox.working", folder, port, how], cwd=ROOT)


def copies(log: Path) -> Counter[str]:
    return Counter(json.loads(line)["recipients"][0] for line in log.read_text("utf-8").splitlines())


def wait_until_it_stands_still(process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while Path(f"/proc/{process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "T":
        assert time.monotonic() < end
        time.sleep(0.01)


def test_two_workers_by_mistake_send_every_letter_once(app: Flask, mail_process: tuple[Path, str]) -> None:
    log, port = mail_process
    batch = batch_to(*range(150))
    workers = [worker(app, port) for _ in range(2)]
    assert [process.wait(SECONDS) for process in workers] == [0, 0]
    assert (sorted(copies(log).values()), counts(batch), is_done(batch)) == (
        [1] * 150,
        {State.SENT: 150},
        True,
    )


@pytest.mark.parametrize(
    ("moment", "doubtful"),
    [
        ("say:2", False),  # its envelope waits
        ("say:3", False),  # its words wait
        ("marking:1", True),  # it may be on its way, as far as the ledger knows
        ("say:4", True),  # its final dot waits
    ],
)
def test_a_worker_that_stood_still_past_its_lease_sends_nothing_twice(
    app: Flask, mail_process: tuple[Path, str], moment: str, doubtful: bool
) -> None:
    log, port = mail_process
    batch = batch_to(*range(4))
    slow_one = worker(app, port, moment)
    wait_until_it_stands_still(slow_one)
    assert worker(app, port, "6").wait(SECONDS) == 0
    assert len(copies(log)) == 4 - doubtful
    slow_one.send_signal(signal.SIGCONT)
    assert slow_one.wait(SECONDS) == 0
    assert (max(copies(log).values()), counts(batch), is_done(batch)) == (1, {State.SENT: 4}, True)
    assert len(copies(log)) == 4


def test_the_real_worker_finishes_the_message_under_way_when_it_is_told_to_end(app: Flask) -> None:
    with mail_server() as server:
        fault = server.script.at("DOT", slow(0.5))
        with write():
            choose("mail.team", "team@example.org")
            for number in range(5):
                tell_team(f"matter {number}", f"Matter {number} needs a person.")
        environment = {"BLOG_MAIL_URL": server.url, "BLOG_MAIL_FROM": "letters@journal.example.org"}
        environment["BLOG_SITE_URL"] = "https://journal.example.org"
        with working(Path(app.config["INSTANCE"]), **environment) as process:
            assert fault.fired.wait(SECONDS)
            process.send_signal(signal.SIGTERM)
            assert process.wait(SECONDS) == 0
        assert len(server.taken) == 1
        assert Counter(states()) == {("notice", "sent"): 1, ("notice", "queued"): 4}
    held = select(Delivery.id).where(Delivery.state.in_((State.CLAIMED, State.DELIVERING)))
    assert db.session.scalars(held).all() == []
