"""The database has exactly the triggers that the code declares, whatever was done to it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import text

from blog.lib import triggers as module
from blog.lib.db import db, write
from blog.lib.migrating import upgrade_database
from blog.lib.triggers import declare_triggers, keep_triggers
from tests.building import article, save
from tests.lib.test_migrating import REBUILD, migrations_with

UNSEEN_TABLES = {
    "edition",
    "tries",
    "subscriber",
    "wording",
    "consent",
    "imported_file",
    "chore",
    "picture_use",
    *("mailroom", "batch", "delivery", "suppression", "notice"),
    *(
        "subscriber_topic",
        "subscriber_import",
        "follow",
        "follow_request",
        "bounce",
        "signup_request",
        "mailed_link",
    ),
}
"""Whoever adds a table decides whether readers see its rows; this list is the decision."""
CHANGES = ("insert", "update", "delete")


def triggers() -> dict[str, str]:
    db.session.rollback()
    found = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    return dict(tuple(row) for row in found)


def of_the_edition() -> dict[str, tuple[str, str]]:
    """Return what raises the edition: table and kind of change by the name of each trigger."""
    seen = db.metadata.tables.keys() - UNSEEN_TABLES
    return {f"edition_{name}_{change}": (name, change) for name in seen for change in CHANGES}


def declared() -> dict[str, str]:
    """Return the SQL of all triggers that the code declares, by name."""
    return {trigger.name: trigger.sql for triggers in module._declared for trigger in triggers()}


@contextmanager
def beside(app: Flask) -> Iterator[sqlite3.Connection]:
    """Open the file as another program would."""
    path = app.config["BROADSHEET_DATABASE"]
    with closing(sqlite3.connect(path, timeout=5, isolation_level=None)) as connection:
        yield connection


def test_the_tables_that_readers_do_not_see_are_the_known_ones(app: Flask) -> None:
    assert {name for name, table in db.metadata.tables.items() if table.info.get("unseen")} == UNSEEN_TABLES


def test_a_new_database_has_exactly_the_declared_triggers(app: Flask) -> None:
    assert triggers() == declared()


def test_every_table_that_readers_see_has_three_that_raise_the_edition_and_no_other_has(app: Flask) -> None:
    raising = {name: sql for name, sql in triggers().items() if "UPDATE edition SET number" in sql}
    assert raising.keys() == of_the_edition().keys()
    for name, (table, change) in of_the_edition().items():
        assert f'AFTER {change.upper()} ON "{table}" BEGIN UPDATE edition SET number' in raising[name]


def test_what_is_missing_comes_back_and_what_nobody_declared_goes(app: Flask) -> None:
    before = triggers()
    with beside(app) as other:
        other.execute("DROP TRIGGER edition_article_update")
        other.execute("CREATE TRIGGER odd AFTER INSERT ON article BEGIN DELETE FROM tag; END")
        other.execute("DROP TRIGGER edition_tag_delete")
        other.execute("CREATE TRIGGER edition_tag_delete AFTER DELETE ON tag BEGIN SELECT 1; END")
    assert triggers() != before
    keep_triggers()
    assert triggers() == before


def test_doing_it_again_writes_nothing(app: Flask) -> None:
    with beside(app) as other:
        before = other.execute("PRAGMA schema_version").fetchone()
        keep_triggers()
        keep_triggers()
        assert other.execute("PRAGMA schema_version").fetchone() == before


def test_upgrading_twice_is_quiet(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    before = triggers()
    assert (upgrade_database(), upgrade_database()) == (None, None)
    assert (triggers(), caplog.messages) == (before, [])


def test_a_migration_that_copies_a_table_leaves_it_its_triggers(app: Flask, tmp_path: Path) -> None:
    save(article())
    before = triggers()
    app.extensions["migrate"].migrate.directory = migrations_with(tmp_path, REBUILD)
    upgrade_database()
    assert triggers() == before


def test_they_are_back_before_a_migration_that_copied_their_table_commits(app: Flask, tmp_path: Path) -> None:
    before = triggers()
    app.extensions["migrate"].migrate.directory = migrations_with(tmp_path, REBUILD)
    db.session.remove()
    flask_migrate.upgrade()
    assert triggers() == before


def test_declaring_the_same_twice_is_declaring_it_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_declared", list(module._declared))
    calls: list[int] = []

    def none() -> Iterator[object]:
        calls.append(1)
        return iter(())

    before = triggers()
    declare_triggers(none)  # type: ignore[arg-type]  # it yields none at all
    declare_triggers(none)  # type: ignore[arg-type]  # it yields none at all
    keep_triggers()
    assert (len(calls), triggers()) == (1, before)


def test_an_older_database_without_any_gets_all(app: Flask) -> None:
    db.session.remove()
    flask_migrate.downgrade(revision="0001")
    assert list(triggers()) == []
    assert upgrade_database() is not None
    assert triggers() == declared()


def test_triggers_are_kept_in_the_transaction_of_one_writer(app: Flask) -> None:
    with write(), pytest.raises(RuntimeError, match="must not open it again"):
        keep_triggers()
