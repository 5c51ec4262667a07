"""A signup that is killed at any step, in the web process or in the worker, is not lost and looks the same."""

from pathlib import Path

from tests.outbox.conftest import mail_process
from tests.outbox.dying import told_of

from .dying import Found

__all__ = ["mail_process"]

STEPS = (
    *(f"post:statement:{number}" for number in range(1, 16, 2)),
    "post:committed:1",
    *(f"worker:statement:{number}" for number in range(5, 126, 15)),
    *(f"worker:committed:{number}" for number in range(1, 7, 2)),
    *(f"worker:say:{number}" for number in range(1, 8, 2)),
    *(f"worker:said:{number}" for number in range(1, 8, 2)),
)


def test_killed_at_every_step(tmp_path: Path, empty_database: Path, mail_process: tuple[Path, str]) -> None:
    log, port = mail_process
    (tmp_path / "blog.sqlite3").write_bytes(empty_database.read_bytes())
    found = [Found(**one) for one in told_of("tests.newsletter.dying", tmp_path, log, port, STEPS)]
    assert [one.step for one in found] == list(STEPS)
    assert [one.step for one in found if one.waiting or one.mails != ["sent"]] == []
    assert [one.step for one in found if not one.confirmed] == []
    assert {one.names for one in found} == {1}
    assert max(one.copies for one in found) == 2  # perhaps it had arrived, so it went again
    assert [one.step for one in found if one.kept != one.proofs or not 1 <= one.kept <= one.presses] == []
    assert len({one.answer for one in found}) == 1
    assert sum(one.killed for one in found) >= len(STEPS) - 4
