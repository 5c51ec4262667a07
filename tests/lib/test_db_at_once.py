"""Several processes write to one database, and every write counts."""

import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask

from blog.lib.db import db
from blog.settings.models import StoredSetting
from tests.building import save
from tests.lib.writers import HANGING, count_up, fold_until, processes, write_rows


def test_four_processes_that_read_change_and_write_keep_all_800_changes(app: Flask) -> None:
    save(StoredSetting(key="count", value=0))
    folder = app.config["INSTANCE"]
    with processes(4) as pool:
        for work in [pool.submit(count_up, folder, 200) for _ in range(4)]:
            work.result(HANGING)
    db.session.rollback()
    assert db.session.get_one(StoredSetting, "count").value == 800


def test_two_writers_and_the_checkpointer_together_lose_nothing(app: Flask, tmp_path: Path) -> None:
    folder, stop = app.config["INSTANCE"], tmp_path / "stop"
    with processes(3) as pool:
        folding = pool.submit(fold_until, folder, stop)
        try:
            for work in [pool.submit(write_rows, folder, name, 200) for name in ("one", "two")]:
                work.result(HANGING)
        finally:
            stop.touch()
        assert folding.result(HANGING) > 0
    with closing(sqlite3.connect(app.config["BROADSHEET_DATABASE"])) as connection:
        assert connection.execute("SELECT count(*), min(length(value)) FROM setting").fetchone() == (
            400,
            20_002,
        )
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
