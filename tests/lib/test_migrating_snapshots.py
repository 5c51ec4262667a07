"""Snapshots that were made before upgrades do not stay for ever."""

from datetime import UTC, datetime
from pathlib import Path

from flask import Flask

from blog.lib.migrating import forget_snapshots


def test_snapshots_from_before_a_moment_are_removed_and_nothing_else(app: Flask) -> None:
    folder = Path(app.config["INSTANCE"]) / "backups"
    folder.mkdir()
    old, young = "before-upgrade-20260101T000000000000", "before-upgrade-20260301T000000000001"
    for name in (old, young, "before-upgrade-mine", "20250101"):
        (folder / f"{name}.sqlite3").touch()
    forget_snapshots(datetime(2026, 3, 1, tzinfo=UTC))
    assert sorted(path.stem for path in folder.iterdir()) == ["20250101", young, "before-upgrade-mine"]


def test_without_a_folder_of_snapshots_there_is_nothing_to_remove(app: Flask) -> None:
    forget_snapshots(datetime(2026, 3, 1, tzinfo=UTC))
    assert not (Path(app.config["INSTANCE"]) / "backups").exists()
