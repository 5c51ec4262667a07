"""The commands of the background worker."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import write
from blog.lib.environment import ROOT
from blog.worker.chores import CHORES
from blog.worker.cli import chores
from blog.worker.models import Chore
from tests.lib.test_commands import NOT_SET_UP, Ended, run


@contextmanager
def working(folder: Path, **given: str) -> Iterator["subprocess.Popen[str]"]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
    with subprocess.Popen(
        [sys.executable, ROOT / "app.py", "worker"],
        env=kept | {"BLOG_INSTANCE": str(folder)} | given,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_does_the_chores_until_it_is_told_to_stop(tmp_path: Path, told: signal.Signals) -> None:
    run(tmp_path, "init")
    with working(tmp_path) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "The background worker is at work. Stop it with Ctrl-C.\n"
        while "never run so far" in run(tmp_path, "chores").said:
            pass
        process.send_signal(told)
        assert process.communicate(timeout=60) == ("", "")
        assert process.returncode == 0


def test_a_worker_without_a_database_says_how_to_get_one(tmp_path: Path) -> None:
    assert run(tmp_path, "worker") == Ended(1, "", NOT_SET_UP)


def test_the_chores_are_listed_with_their_runs(app: Flask) -> None:
    runner = app.test_cli_runner()
    listed = runner.invoke(chores).output
    assert listed.count("    never run so far\n") == len(CHORES)
    assert "fold the write-ahead log: every 5 minutes\n    never run so far\n" in listed


def test_a_chore_is_listed_with_its_times_and_its_trouble(app: Flask) -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    later = at + timedelta(hours=1)
    with write() as session:
        session.add(
            Chore(
                name="forget old tries",
                last_run_at=at,
                next_run_at=later,
                missed_runs=2,
                seconds=0.25,
                problem="The disk is full.",
            )
        )
    assert (
        "forget old tries: every hour\n"
        "    last 2026-03-01 12:00:00 UTC (took 0.250 s), next 2026-03-01 13:00:00 UTC\n"
        "    missed 2\n"
        "    failed: The disk is full.\n"
    ) in app.test_cli_runner().invoke(chores).output
