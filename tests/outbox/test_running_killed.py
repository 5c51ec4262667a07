"""A worker that is killed at any step loses nothing, sends no letter twice, and leaves at most one in doubt."""

from pathlib import Path

from .dying import LETTERS, NOTES, Found, told_of

STEPS = (
    *(f"commit:{number}" for number in range(1, 12)),
    *(f"committed:{number}" for number in range(1, 12)),
    *(f"marking:{number}" for number in range(1, 9)),
    *(f"say:{number}" for number in range(1, 26, 2)),
    *(f"said:{number}" for number in range(1, 26)),
)


def test_killed_at_every_step(tmp_path: Path, empty_database: Path, mail_process: tuple[Path, str]) -> None:
    log, port = mail_process
    (tmp_path / "blog.sqlite3").write_bytes(empty_database.read_bytes())
    found = [Found(**one) for one in told_of("tests.outbox.dying", tmp_path, log, port, STEPS)]
    assert [f"{one.moment}:{one.number}" for one in found] == list(STEPS)
    assert all(one.done for one in found)
    assert {sum(one.states.values()) for one in found} == {LETTERS}
    assert {name for one in found for name in one.states} <= {"sent", "in doubt"}
    assert max(one.states.get("in doubt", 0) for one in found) == 1
    assert [(one.letters_twice, one.letters_lost, one.notes_lost) for one in found] == [(0, 0, 0)] * len(
        found
    )
    assert max(one.names for one in found) == LETTERS + NOTES
    assert sum(one.killed for one in found) >= 60
