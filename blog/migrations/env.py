"""How Alembic changes the database: under the writers' lock, in one transaction, with no row lost."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from blog.lib.db import db
from blog.lib.edition import raise_edition, say_changing
from blog.lib.locking import writers_lock
from blog.lib.refusing import Refused
from blog.lib.triggers import put_triggers


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave the full-text index alone: its tables are not models, so autogenerate would drop them."""
    return not (kind == "table" and (name or "").startswith("fulltext"))


def refuse_orphans(connection: Connection) -> None:
    """Take back migrations that leave rows without their parents."""
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise Refused(f"The migration would leave rows without their parents: {broken[:5]}.")


def migrate() -> None:
    """Run the migrations that were asked for."""
    with writers_lock(), db.engine.connect() as connection:
        # With foreign keys on, batch mode's copy-and-drop would delete child rows of CASCADE keys. SQLite
        # ignores this pragma inside a transaction, so it goes to the driver before one begins.
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        # Batch mode gives a copy the name of its table, whose other tables' triggers speak of that name.
        driver.execute("PRAGMA legacy_alter_table=ON")
        say_changing()
        try:
            context.configure(
                connection=connection,
                target_metadata=db.metadata,
                include_name=include_name,
                transactional_ddl=True,
                **current_app.extensions["migrate"].configure_args,
            )
            with context.begin_transaction():
                before = context.get_context().get_current_heads()
                context.run_migrations()
                refuse_orphans(connection)
                after = context.get_context().get_current_heads()
                if after != before:
                    raise_edition(connection)
                    if after == (context.get_head_revision(),):
                        put_triggers(connection)
        finally:
            driver.execute("PRAGMA legacy_alter_table=OFF")
            driver.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise SystemExit("Migrations run against the database itself; --sql is not supported.")
migrate()
