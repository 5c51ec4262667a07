"""What a reader of the database still needs is wiped later; old snapshots go when their days are over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import write
from blog.lib.refusing import Refused
from blog.newsletter import wiping
from blog.newsletter.wiping import age_out_snapshots, backup_days, wipe
from blog.settings.declaring import choose
from tests.building import save
from tests.lib.test_db import beside
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_a_reader_that_holds_the_log_is_waited_for_and_at_last_left_to_the_next_checkpoint(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wiping, "TRIES", 2)
    with beside(app) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM subscriber").fetchall() == [(0,)]
        save(confirmed())
        assert wipe({"dee@example.org"}) is False
        reader.execute("COMMIT")
        assert wipe({"dee@example.org"}) is True
    log = Path(f"{app.config['BROADSHEET_DATABASE']}-wal")
    assert log.stat().st_size == 0


def test_snapshots_are_kept_for_as_many_days_as_the_team_says(app: Flask) -> None:
    folder = Path(app.config["INSTANCE"]) / "backups"
    folder.mkdir()
    days = (1, 29, 31, 100)
    for made in days:
        (folder / f"before-upgrade-{AT - timedelta(days=made):%Y%m%dT%H%M%S%f}.sqlite3").write_text(str(made))
    with held_at(AT):
        age_out_snapshots()
        assert sorted(int(path.read_text()) for path in folder.iterdir()) == [1, 29]
        with write():
            choose("newsletter.backup_days", "7")
        age_out_snapshots()
    assert [path.read_text() for path in folder.iterdir()] == ["1"]


@pytest.mark.parametrize("typed", ["0", "", "-1", "3651", "ten", "1.5", "٣"])
def test_what_is_no_number_of_days_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(Refused, match="Write a whole number from 1 to 3650"), write():
        choose("newsletter.backup_days", typed)
    assert backup_days.get() == "30"


def test_a_file_in_the_mail_folder_that_is_no_message_is_left_alone(app: Flask) -> None:
    folder = Path(app.config["INSTANCE"]) / "mail"
    (folder / "folder.eml").mkdir(parents=True)
    (folder / "odd.eml").write_bytes(b"\xff\xfe no message at all dee@example.org")
    (folder / "bad.eml").write_bytes(b"To: =?utf-8?b?a?=, =?odd?q?x?=, <<dee@@>,\n\nhello")
    wipe({"dee@example.org"})
    assert sorted(path.name for path in folder.iterdir()) == ["bad.eml", "folder.eml", "odd.eml"]
