"""The commands for lists say what became of every row, in sums and one by one."""

import os
import stat
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.models import Subscriber
from tests.newsletter.lists.files import unchanged
from tests.subscribers import LONG_AGO, confirmed, pending


def run(app: Flask, *args: str) -> Result:
    with held_at(LONG_AGO):
        return app.test_cli_runner().invoke(args=["subscribers", *args])


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Return a list with a row of every kind."""
    lines = ["email,state", "ann@example.org,active", "ANN@example.org,active", "dee@example.org,left"]
    lines += ["cy@example.org,pending", "new@example.org,pending", "nobody,active", "dee@example.org,what"]
    (tmp_path / "people.csv").write_text("\n".join(lines))
    return str(tmp_path / "people.csv")


@pytest.fixture
def peopled(app: Flask) -> Flask:
    """Return the application with Dee, who is subscribed, and Cy, who waits."""
    with write():
        db.session.add_all([confirmed(), pending()])
    return app


def test_a_list_comes_in_and_its_sums_are_told(peopled: Flask, path: str, tmp_path: Path) -> None:
    result = run(
        peopled, "import", path, "--basis", "the fair", "--skip-bad", "--rows", str(tmp_path / "rows.csv")
    )
    assert result.stdout.splitlines()[-3:] == [
        "added 1, updated 0, unchanged 1, suppressed 0, taken out 1, unconfirmed 1, duplicate 1, invalid 2",
        "of those taken out, 1 were subscribed here",
        "`subscribers undo 1` takes this back",
    ]
    assert result.stderr.splitlines()[-2:] == [
        "line 7: Its address is none that mail can be sent to.",
        "line 8: “what” is no state that is known here.",
    ]
    assert sorted((tmp_path / "rows.csv").read_text().splitlines()) == [
        "2,added,new here",
        "3,duplicate,line 2 is about the same address",
        "4,taken out,subscribed here",
        "5,unchanged,known here",
        "6,unconfirmed,never confirmed on the list; they may sign up here",
        "7,invalid,Its address is none that mail can be sent to.",
        "8,invalid,“what” is no state that is known here.",
        "line,bucket,reason",
    ]


def test_bad_rows_are_told_and_nothing_is_written(peopled: Flask, path: str) -> None:
    with unchanged():
        result = run(peopled, "import", path, "--basis", "the fair")
    assert isinstance(result.exception, Refused)
    assert str(result.exception) == "Nothing was written: 2 refused; --skip-bad takes the others."
    assert "line 7: Its address is none that mail can be sent to." in result.stderr


def test_a_dry_run_says_so(peopled: Flask, path: str) -> None:
    with unchanged():
        result = run(peopled, "import", path, "--basis", "the fair", "--dry-run")
    assert result.stdout.endswith("This was a dry run: nothing was written.\n")


def test_imports_are_listed_and_taken_back(peopled: Flask, path: str) -> None:
    run(peopled, "import", path, "--basis", "the fair", "--skip-bad")
    assert run(peopled, "imports").output.splitlines() == [
        "1: 2026-01-05 09:00 UTC, people.csv, brought 1 who are still here, done",
        "    the fair",
    ]
    assert run(peopled, "undo", "1").output == "1 removed\n"
    assert "taken back 2026-01-05 09:00 UTC" in run(peopled, "imports").output


def test_an_export_goes_to_standard_output_or_a_private_file(peopled: Flask, tmp_path: Path) -> None:
    lines = run(peopled, "export").output.splitlines()
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["dee@example.org", "confirmed"],
        ["cy@example.org", "pending"],
    ]
    target = tmp_path / "out.csv"
    assert run(peopled, "export", str(target)).output == "2 subscribers written\n"
    assert target.read_text().splitlines() == lines
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert sorted(os.listdir(tmp_path)) == ["instance", "out.csv"]


def test_subscribers_are_counted_and_one_is_shown(peopled: Flask, path: str) -> None:
    run(peopled, "import", path, "--basis", "the fair", "--skip-bad")
    assert run(peopled, "count").output.splitlines() == [
        "get letters 1",
        "pause 0",
        "unconfirmed 1",
        "addresses left alone 1",
    ]
    assert run(peopled, "show", "Ann@example.org").output.splitlines() == [
        "confirmed",
        "2026-01-05 09:00 UTC imported (import, the fair)",
    ]
    assert run(peopled, "show", "dee@example.org").output.splitlines()[0] == "left"
    assert run(peopled, "show", "who@example.org").output == "not known here\n"
    assert db.session.query(Subscriber).count() == 3
