"""Bringing the database to the shape that this version of the code expects."""

import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from flask import Flask, current_app
from flask_migrate import Migrate

from .clock import now
from .db import db
from .locking import database_path
from .refusing import Refused
from .triggers import keep_triggers

_BEFORE_UPGRADE, _MADE = "before-upgrade-", "%Y%m%dT%H%M%S%f"
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"


def know_migrations(app: Flask) -> None:
    """Give the application its migrations."""
    Migrate(app, db, directory=str(MIGRATIONS), render_as_batch=True)


def upgrade_database() -> Path | None:
    """Create the database or upgrade it; another process that does the same waits (migrations/env.py).

    Returns the snapshot that was made first, where there was something to lose.
    """
    logging.getLogger("alembic").setLevel(logging.WARNING)
    db.session.rollback()
    # Addresses of people are in it: for nobody else to read, and its log gets the same mode.
    os.close(os.open(database_path(), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    try:
        snapshot = _snapshot() if _is_behind() else None
        command.upgrade(_config(), "head")
        keep_triggers()  # its commit announces what the migrations changed
    except CommandError as error:
        raise Refused(
            "The database was made by a newer version of Broadsheet; run that version, or restore a backup. "
            f"({error})"
        ) from error
    return snapshot


def _is_behind() -> bool:
    """Tell whether a database is there and is older than the code; raises CommandError where it is newer."""
    migrations = ScriptDirectory.from_config(_config())
    with db.engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    if present is None:
        return False
    migrations.get_revision(present)
    return present != migrations.get_current_head()


def _config() -> Config:
    config: Config = current_app.extensions["migrate"].migrate.get_config()
    return config


def forget_snapshots(before: datetime) -> None:
    """Remove the snapshots that were made before this moment, by what their names say."""
    for path in _snapshots().glob(f"{_BEFORE_UPGRADE}*.sqlite3"):
        try:
            made = datetime.strptime(path.stem.removeprefix(_BEFORE_UPGRADE), _MADE).replace(tzinfo=UTC)
        except ValueError:
            continue  # not ours
        if made < before:
            path.unlink(missing_ok=True)


def _snapshots() -> Path:
    return Path(current_app.config["INSTANCE"]) / "backups"


def _snapshot() -> Path:
    """Write a whole copy of the database beside it and return where."""
    folder = _snapshots()
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"{_BEFORE_UPGRADE}{now().strftime(_MADE)}.sqlite3"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return copy
