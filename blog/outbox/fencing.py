"""The fence: a database that woke up from a copy sends nothing of what it had planned, until somebody says so.

A small file beside the database says which data these are, how far their ledger was, and which inode it is itself:
an older database is behind it, another one has another name, and a copy of both lies in another inode. Paths do
not count.
"""

import logging
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, update

from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.inodes import inode_of
from blog.lib.locking import database_path
from blog.lib.prepared import Prepared

from .models import Mailroom

INSTANCE_FILE = "-instance"
"""What the file is called after the database."""
_SIZE = 96
_RAISE = Prepared(update(Mailroom).values(mark=Mailroom.mark + 1).returning(Mailroom.mark), int)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Witness:
    """What the file says."""

    instance: str
    mark: int
    inode: tuple[int, int]

    def line(self) -> bytes:
        """Return it as it is kept: always as long, so that it can be written in its place at once."""
        return f"{self.instance:32.32} {self.mark:020} {self.inode[0]:020} {self.inode[1]:020}\n".encode()


def is_fenced() -> bool:
    """Tell whether everything that was planned before must wait for a person's word."""
    return fenced_since() is not None


def fenced_since() -> datetime | None:
    """Return when the database was fenced: what is asked for after that goes all the same."""
    return db.session.scalars(select(Mailroom.fenced_at)).one()


def reason_to_fence() -> str:
    """Say why the database cannot be the one that was sending last; nothing where it can.

    The file is read before the database: whoever sends raises the database's mark first. Outside write(), in a
    transaction that began before, the database may seem to be behind all the same; `check_fence` asks again.
    """
    path = _path()
    try:
        held = path.read_bytes()
    except FileNotFoundError:
        mark = db.session.scalars(select(Mailroom.mark)).one()
        return f"the file {path.name} beside the database is gone" if mark else ""
    instance, mark = db.session.execute(select(Mailroom.instance, Mailroom.mark)).one()
    said = _read(held)
    if said is None or said.instance != instance:
        return f"the file {path.name} beside the database belongs to other data"
    if said.mark > mark:
        return f"{said.mark - mark} steps of the ledger are missing: the database is older than {path.name}"
    if said.inode != inode_of(path):
        return f"the file {path.name} is a copy, and so the database is one too"
    return ""


def is_doubtful() -> bool:
    """Tell whether `check_fence` would do anything to a database that is not fenced."""
    return not _path().exists() or bool(reason_to_fence())


def check_fence() -> bool:
    """Fence the database where there is reason to, and tell whether it is fenced. Call inside write()."""
    room = db.session.scalars(select(Mailroom)).one()
    if room.fenced_at is None:
        reason = reason_to_fence()
        if reason:
            room.fenced_at, room.fenced_because = now(), reason
            _log.warning("%s", fence_sentence(reason))
        elif not _path().exists():
            keep_witness()
    return room.fenced_at is not None


def lift_fence() -> None:
    """Let what was planned go, under a new name of the data: another copy of them stays fenced.

    Call inside write(); a kill before its commit leaves the fence as it was.
    """
    room = db.session.scalars(select(Mailroom)).one()
    room.instance = secrets.token_hex(16)
    room.fenced_at, room.fenced_because = None, ""
    db.session.flush()
    keep_witness()


def raise_mark() -> int:
    """Count one more step that must not be taken twice. Call inside write(), and `note_mark` after it."""
    return _RAISE.first() or 0


def note_mark(mark: int) -> None:
    """Write the mark of a commit into the file, in its place; does nothing to a file that is ahead."""
    try:
        handle = os.open(_path(), os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return  # the next check fences
    try:
        said = _read(os.pread(handle, _SIZE, 0))
        if said is not None and said.mark < mark:
            os.pwrite(handle, Witness(said.instance, mark, said.inode).line(), 0)
    finally:
        os.close(handle)


def keep_witness() -> None:
    """Write the file anew, as an inode of its own. Call inside write().

    Done at the start of every run that sends, too: whoever copies an older file over this one, in its place, brings
    the number of an inode that is gone.
    """
    path = _path()
    instance, mark = db.session.execute(select(Mailroom.instance, Mailroom.mark)).one()
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.pwrite(handle, Witness(instance, mark, inode_of(fresh)).line(), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(path)


def fence_sentence(reason: str) -> str:
    """Return what a person is told about a fence."""
    return (
        f"Mail that was planned is held, since this database seems to have woken up from a copy: {reason}. "
        "If no other copy of it sends any more, say so with `newsletter unfence`."
    )


def _path() -> Path:
    database = database_path()
    return database.with_name(f"{database.name}{INSTANCE_FILE}")


def _read(held: bytes) -> Witness | None:
    """Return what the file says, or None where it is no such file."""
    try:
        instance, *numbers = held.decode("ascii").split()
        mark, inode, born = map(int, numbers)
    except ValueError:
        return None
    return Witness(instance, mark, (inode, born)) if len(held) == _SIZE else None
