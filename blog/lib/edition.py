"""The edition: one number that rises with every change of what readers see, known to all processes.

Triggers raise it in the transaction that changes a row, whoever writes it and how. A mapped file carries it
to all processes as one word: epoch (31 bits), number (31 bits), and a last bit that is set while a writer
commits. A page is fresh while the word is the one it was made under.
"""

import secrets
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from flask import Flask, current_app, g
from sqlalchemy import Connection, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from .clock import timestamp
from .db import UNSEEN, Model, announce_with, db, write
from .locking import Busy, writers_lock
from .mapped import MappedWord
from .prepared import Prepared
from .triggers import Trigger, declare_triggers

CHANGING = 1
EDITION_FILE = "-edition"
"""What follows the database's name in the name of the mapped file."""
_HIGHEST = 2**31 - 1
_MOST_REMEMBERED = 2048

Given = ParamSpec("Given")
Value = TypeVar("Value")


class Edition(Model):
    """The one row that says which edition the database holds."""

    __tablename__ = "edition"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int]
    """Drawn at random when the database is made, and again when an older one is put back in its place."""
    number: Mapped[int]


_WORD = Prepared(select(Edition.epoch * 2**32 + Edition.number * 2), int)


class Reading(NamedTuple):
    """What a reader's request sees: an edition, from and until when nothing in it turns by itself.

    Moments are seconds since 1970; a clock that is put back makes what was read later invalid.
    """

    word: int
    since: float
    until: float

    def holds(self, word: int) -> bool:
        """Tell whether what was read in it is what would be read now, in the edition with this word."""
        return self.word == word and self.since <= timestamp() < self.until


class Announcer:
    """Tells all processes which edition is current; kept as `app.extensions["edition"]`."""

    def __init__(self, path: Path, next_turning_point: Callable[[], datetime]) -> None:
        self._path = path
        self._next_turning_point = next_turning_point
        self._word: MappedWord | None = None
        self._last: Reading | None = None
        self.remembered: dict[Hashable, tuple[Reading, Any]] = {}
        """What `per_edition` remembers."""

    @property
    def word(self) -> MappedWord:
        """Return the mapped word; the file is made where it is missing."""
        word = self._word
        if word is None:
            word = self._word = MappedWord(self._path)
        return word

    def map_anew(self) -> None:
        """Map the file at its path at the next use: another lies there now, or it was cut short and is mended.

        A new process does so, too: the one it was forked from may have mapped what would kill it.
        """
        self._word = None

    @contextmanager
    def announced(self) -> Iterator[None]:
        """Let a writer commit inside: say that the edition changes, and afterwards which one it is now.

        A word that is not the database's, left by a writer that was killed, is put right on the way. Call it
        under the writers' lock, with all changes flushed.
        """
        after, word = self.word_in_database(), self.word
        if word.read() == after:
            yield
            return
        word.write(word.read() | CHANGING)
        yield  # where the commit fails, the word stays as it is until somebody repairs it
        word.write(after)

    def word_in_database(self) -> int:
        """Ask the database which edition it holds."""
        return _WORD.first() or 0

    def put_right(self) -> None:
        """Store the database's word in the file, unless a writer is at work, who will do so.

        A writer that was killed has left the last bit set; this ends what that costs everybody.
        """
        try:
            with writers_lock(patience=0.0):
                db.session.rollback()
                self.word.write(self.word_in_database())
        except Busy:
            return

    def reading(self) -> Reading:
        """Read the edition and when it turns; the first question of a reader's transaction."""
        word = self.word_in_database()
        last = self._last
        if last is None or not last.holds(word):
            last = self._last = Reading(word, timestamp(), self._next_turning_point().timestamp())
        return last


def know_edition(app: Flask, next_turning_point: Callable[[], datetime]) -> None:
    """Keep the edition of this application's database.

    `next_turning_point` tells when what is already written reads otherwise by itself.
    """
    database: Path = app.config["BROADSHEET_DATABASE"]
    app.extensions["edition"] = Announcer(
        database.with_name(f"{database.name}{EDITION_FILE}"), next_turning_point
    )
    announce_with(app, lambda: announcer().announced())
    declare_triggers(_triggers)


def announcer() -> Announcer:
    """Return the announcer of the current application."""
    found: Announcer = current_app.extensions["edition"]
    return found


def say_changing() -> None:
    """Let everybody ask the database itself until the next commit: a migration commits in its own way.

    Call it under the writers' lock.
    """
    word = announcer().word
    word.write(word.read() | CHANGING)


def raise_edition(connection: Connection) -> None:
    """Make a new edition of what a migration did: a table that it has copied has no triggers any more.

    Call it in the transaction of the migration; without the table there is no edition yet, or no longer.
    """
    if inspect(connection).has_table(Edition.__tablename__):
        connection.execute(update(Edition).values(number=Edition.number + 1))


def draw_new_epoch() -> None:
    """Make every page that was ever kept stale: the database is new, or an older one was put in its place."""
    with write():
        db.session.execute(update(Edition).values(epoch=secrets.randbelow(_HIGHEST) + 1))


def announce_edition() -> None:
    """Put the mapped word right after changes that went past `write()`, without waiting for the server to find it."""
    with write():
        pass  # the commit of nothing announces what is there


def per_edition(ask: Callable[Given, Value]) -> Callable[Given, Value]:
    """Remember what a function returns until the edition changes or something in it turns.

    Its arguments must be hashable and its value must not be changed by anyone. Outside a reader's request,
    where no edition was read, the function is simply called.
    """

    @wraps(ask)
    def remembering(*args: Given.args, **kwargs: Given.kwargs) -> Value:
        reading: Reading | None = g.get("reading")
        if reading is None:
            return ask(*args, **kwargs)
        memory = announcer().remembered
        key = (ask, args, *sorted(kwargs.items()))
        found = memory.get(key)
        if found and found[0].holds(reading.word):
            value: Value = found[1]
            return value
        value = ask(*args, **kwargs)
        if len(memory) >= _MOST_REMEMBERED:
            memory.clear()
        memory[key] = (reading, value)
        return value

    return remembering


def _triggers() -> Iterator[Trigger]:
    """Every table that readers see raises the edition with each of its rows that is written."""
    for table in db.metadata.sorted_tables:
        if table.info.get("unseen"):
            continue
        for change in ("INSERT", "UPDATE", "DELETE"):
            name = f"edition_{table.name}_{change.lower()}"
            yield Trigger(
                name,
                f'CREATE TRIGGER "{name}" AFTER {change} ON "{table.name}" '  # noqa: S608 (names of our models)
                "BEGIN UPDATE edition SET number = number + 1; END",
            )
