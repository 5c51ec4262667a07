"""The database: one SQLite file, and the one door through which every write goes."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    URL,
    BindParameter,
    Connection,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    bindparam,
    event,
)
from sqlalchemy.orm import DeclarativeBase, registry, scoped_session

from .clock import now
from .following import followings, followings_now
from .locking import database_path, writers_lock

THREADS = 64
"""Requests that a process may work on at once: a client that dawdles over its body keeps one of them."""
BUSY_MS = 5_000
UNSEEN: dict[str, Any] = {"info": {"unseen": True}}
"""`__table_args__` of a table whose rows readers do not see; every other one makes a new edition (edition.py)."""
CHECKPOINT_BYTES = 4 * 1024 * 1024
"""A write-ahead log larger than this is folded back into the database file."""

_NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

_log = logging.getLogger(__name__)
_writing: ContextVar[bool] = ContextVar("writing", default=False)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware when it goes in, aware and UTC when it comes out.

    Kept as ISO text of one fixed width, so that the database compares moments as text.
    """

    impl = String(26)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (its signature)
        """Turn an aware moment into its text; a naive one is a mistake in the code."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (its signature)
        """Turn the text back into the moment."""
        return None if value is None else datetime.fromisoformat(value).replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What every noun of the product is made from."""

    registry = registry(
        metadata=MetaData(naming_convention=_NAMING), type_annotation_map={datetime: UtcDateTime()}
    )


def this_moment() -> BindParameter[datetime]:
    """Return the present moment as a parameter that is evaluated each time a statement runs."""
    return bindparam(None, callable_=now, type_=UtcDateTime(), unique=True)


db = SQLAlchemy(model_class=Base)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def open_database(app: Flask, path: Path) -> None:
    """Bind the application to its database file."""
    app.config["SQLALCHEMY_DATABASE_URI"] = URL.create(
        "sqlite", database=str(path)
    )  # a name may hold ? and #
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
        "pool_size": THREADS,
        "max_overflow": 4,
        "hide_parameters": True,  # a failing statement would bring addresses into the log
        "pool_use_lifo": True,  # few connections do the work, and keep their caches warm
    }
    app.config["BROADSHEET_DATABASE"] = path
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)


def prepare_engine(engine: Engine) -> None:
    """Give every connection of the engine the house's way of working with SQLite."""
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)


def _prepare_connection(connection: Any, _record: object) -> None:
    # The driver's own transactions begin too late and too weakly: we begin them ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MS}",  # first: switching to WAL needs a lock another process may hold
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
        "secure_delete=ON",  # what was deleted or blanked, such as an erased address, is overwritten with zeros
        "wal_autocheckpoint=0",  # SQLite before 3.51.3 can lose a commit when a checkpoint races a writer
        "temp_store=MEMORY",
        "cache_size=-2000",  # KiB for each connection
        "mmap_size=67108864",  # all processes share these pages with the system's own cache
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def write() -> Iterator[scoped_session[Any]]:
    """Open the one door for writes; what is done inside is committed at its end, or not at all.

    Waits for the writers' lock, begins at once (`BEGIN IMMEDIATE`) and reads afresh, so that a
    read-modify-write cannot lose another's update. Raises Busy after LOCK_SECONDS.
    """
    if _writing.get():
        raise RuntimeError("write() is an edge's: a verb inside it must not open it again.")
    session = db.session
    session.rollback()  # whatever was read before may be old by now
    with writers_lock(), followings() as asked:
        token = _writing.set(True)
        try:
            session.connection()
            yield session
            session.flush()
            asked.do_before()
            with _announced():
                session.commit()
            asked.do_after()
        except BaseException:
            session.rollback()
            raise
        finally:
            _writing.reset(token)
        _fold_log()


@contextmanager
def by_itself() -> Iterator[None]:
    """Inside write(), let a failure undo what is done in here and nothing else; the failure goes on."""
    with followings_now().none_if_it_fails(), db.session.begin_nested():
        yield


def announce_with(app: Flask, announced: Callable[[], AbstractContextManager[None]]) -> None:
    """Let every commit of this application happen inside `announced()` (edition.py)."""
    app.extensions["announced"] = announced


def _announced() -> AbstractContextManager[None]:
    announced: Callable[[], AbstractContextManager[None]] = current_app.extensions.get(
        "announced", nullcontext
    )
    return announced()


def _fold_log() -> None:
    """Fold a long write-ahead log back into the database, under the writers' lock and outside a transaction."""
    try:
        size = Path(f"{database_path()}-wal").stat().st_size
    except FileNotFoundError:
        return
    if size <= CHECKPOINT_BYTES:
        return
    try:
        fold_log()
    except sqlite3.Error:
        # What was to be written is committed; the log stays long until the next writer's turn.
        _log.exception("The write-ahead log could not be folded back into the database.")


def fold_log() -> bool:
    """Checkpoint now and tell whether the log is empty; readers that still need it make that a later writer's job.

    Call under the writers' lock.
    """
    connection = db.engine.raw_connection()
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA busy_timeout=0")  # a writer must not wait here for a slow reader
        busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        cursor.close()
        connection.close()
