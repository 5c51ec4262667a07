"""The commands for returned mail answer a mail server so that it neither bounces nor loses a report."""

from pathlib import Path

import pytest
from flask import Flask

from blog.lib import locking
from blog.lib.db import db, write
from blog.newsletter.models import Bounce
from tests.newsletter.letters import letter_to
from tests.outbox import returned
from tests.subscribers import confirmed


def piped(app: Flask, raw: bytes) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["newsletter", "bounce"], input=raw)
    return result.exit_code, result.output


@pytest.fixture
def sent(app: Flask) -> Flask:
    """Return the application; Dee was sent a letter."""
    with write():
        letter_to(confirmed())
    return app


def test_a_piped_report_is_counted(sent: Flask) -> None:
    assert piped(sent, returned.POSTFIX) == (0, "counted 1\n")
    assert piped(sent, returned.POSTFIX) == (0, "known already 1\n")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "no reports 1\n"),
        (b"\xff\x00", "no reports 1\n"),
        (returned.POSTFIX + b"x" * 3_000_000, "no reports 1\n"),
        (returned.POSTFIX.replace(b"dee@", b"cy@"), "about nothing that we sent 1\n"),
    ],
)
def test_what_is_ignored_ends_well_so_that_no_bounce_is_bounced(sent: Flask, raw: bytes, says: str) -> None:
    assert piped(sent, raw) == (0, says)
    assert db.session.query(Bounce).count() == 0


def test_a_busy_database_asks_the_mail_server_to_come_again(
    sent: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    db.session.rollback()
    with locking.writers_lock():
        status, says = piped(sent, returned.POSTFIX)
    assert (status, says.startswith("Not now: The database is busy")) == (75, True)
    assert piped(sent, returned.POSTFIX) == (0, "counted 1\n")


def test_a_maildir_is_taken_and_the_sums_are_told(sent: Flask, tmp_path: Path) -> None:
    for name in ("new", "cur"):
        (tmp_path / name).mkdir()
    (tmp_path / "new" / "1").write_bytes(returned.POSTFIX)
    result = sent.test_cli_runner().invoke(args=["newsletter", "bounces", "--maildir", str(tmp_path)])
    assert result.output == "counted 1\nall in all: hard 1\nreports about nothing that we sent: 0\n"
