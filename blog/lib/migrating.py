"""Bringing the database to the shape that this version of the code expects."""

import logging
import os
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


def _snapshot() -> Path:
    """Write a whole copy of the database beside it and return where."""
    folder = Path(current_app.config["INSTANCE"]) / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    copy = folder / f"before-upgrade-{now():%Y%m%dT%H%M%S%f}.sqlite3"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("VACUUM INTO ?", (str(copy),))
    copy.chmod(0o600)
    return copy
