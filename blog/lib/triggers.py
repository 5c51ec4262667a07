"""Triggers of the database: declared in code, put in place after every upgrade."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from .db import write


@dataclass(frozen=True)
class Trigger:
    """What the database does by itself when a row of a table is written."""

    name: str
    sql: str
    """The whole CREATE TRIGGER statement."""


Triggers = Callable[[], Iterable[Trigger]]
_declared: list[Triggers] = []


def declare_triggers(triggers: Triggers) -> None:
    """Say which triggers the database must have; app.py calls this once for each feature that has some."""
    if triggers not in _declared:
        _declared.append(triggers)


def keep_triggers() -> None:
    """Give the database exactly the declared triggers, which may be others than those of the last version."""
    with write() as session:
        put_triggers(session.connection())


def put_triggers(connection: Connection) -> None:
    """Put the declared triggers in place, and no others stay; to be committed by the caller.

    Alembic's batch mode copies a table without its triggers. They come back in the migration's own transaction:
    between the two, another process might write what raises no edition.
    """
    wanted = {trigger.name: trigger.sql for triggers in _declared for trigger in triggers()}
    rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    present: dict[str, str] = dict(tuple(row) for row in rows)
    for name in sorted(present.keys() - wanted.keys()):
        connection.execute(text(f'DROP TRIGGER "{name}"'))
    for name, sql in sorted(wanted.items()):
        if present.get(name) != sql:
            connection.execute(text(f'DROP TRIGGER IF EXISTS "{name}"'))
            connection.exec_driver_sql(sql)
