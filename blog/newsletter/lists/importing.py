"""A list is brought in: read whole, then decided and written some rows at a time, first those who are out."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from blog.content.models import Category
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.models import SubscriberImport
from blog.outbox.standing import hash_of

from .deciding import WRITES, Bucket, decide, known_of
from .loading import Ids, load
from .reading import read_list
from .rows import Bad, Row, Standing
from .staging import Staged, Staging, staging

Progress = Callable[[str, int, int], None]
Note = Callable[[int, Bucket, str], None]
"""Hears of every row: its line, where it ended, and why."""


@dataclass(frozen=True)
class Options:
    """How a list is brought in."""

    basis: str = ""
    """On what consent those stand of whom the list does not say it."""
    state: Standing | None = None
    """How those stand of whom the list does not say it."""
    dry_run: bool = False
    skip_bad: bool = False


@dataclass
class Account:
    """What became of a list."""

    sums: Counter[Bucket] = field(default_factory=Counter)
    import_id: int | None = None
    """The import that can be undone; none where nothing was written."""
    were_subscribed: int = 0
    """How many of those taken out were subscribed here."""


class NotTaken(Refused):
    """Some rows were refused, so that nothing was written."""


def import_list(path: Path, options: Options, *, note: Note, progress: Progress) -> Account:
    """Bring in a list. Opens its own write(), for some rows at a time; broken off, it goes on when it runs again.

    Raises Refused where nothing is written: NotTaken where single rows are bad.
    """
    account, at = Account(), now()
    ids: Ids = dict(db.session.execute(select(Category.slug, Category.id)).all())
    with path.open("rb") as file, staging() as rows:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        bad, unfounded = _lay_out(file, rows, ids, options, at, note)
        account.sums[Bucket.INVALID] = bad
        db.session.rollback()
        _refuse(bad, unfounded, options)
        run = _Run(account, options, path.name, digest, ids, at)
        for chunk in rows.chunks():
            run.take(chunk, note)
            progress("subscribers", account.sums.total() - bad, rows.count)
        run.finish()
    return account


def _lay_out(
    file: BinaryIO, rows: Staging, ids: Ids, options: Options, at: datetime, note: Note
) -> tuple[int, int | None]:
    """Read everything; return how many rows are bad, and the first line of whom no consent is known."""
    bad, unfounded = 0, None
    for found in read_list(file, at=at, given=options.state):
        item = _with_known_topics(found, ids)
        if isinstance(item, Bad):
            bad += 1
            note(item.line, Bucket.INVALID, item.reason)
            continue
        rows.add(item, hash_of(item.address.key))
        if item.standing is Standing.CONFIRMED and not item.basis and unfounded is None:
            unfounded = item.line
    rows.ready()
    return bad, unfounded


def _with_known_topics(item: Row | Bad, ids: Ids) -> Row | Bad:
    unknown = [slug for slug in item.topics or () if slug not in ids] if isinstance(item, Row) else []
    if unknown:
        return Bad(item.line, f"There is no category “{unknown[0][:60]}” that could be its topic.")
    return item


def _refuse(bad: int, unfounded: int | None, options: Options) -> None:
    if unfounded is not None and not options.basis:
        raise Refused(
            f"Nothing was written: say with --basis on what consent they stand; the list does not (line {unfounded})."
        )
    if bad and not options.skip_bad and not options.dry_run:
        raise NotTaken(f"Nothing was written: {bad} refused; --skip-bad takes the others.")


@dataclass
class _Run:
    """One import under way."""

    account: Account
    options: Options
    name: str
    digest: str
    ids: Ids
    at: datetime

    def take(self, chunk: list[Staged], note: Note) -> None:
        """Decide some rows, and write them in the same transaction."""
        if self.options.dry_run:
            decided = self._decide(chunk)
            db.session.rollback()
        else:
            with write():
                decided = self._decide(chunk, load_them=True)
        for staged, bucket, reason in decided:
            self.account.sums[bucket] += 1
            self.account.were_subscribed += bucket is Bucket.TAKEN_OUT and reason == "subscribed here"
            note(staged.row.line, bucket, reason)

    def _decide(self, chunk: list[Staged], *, load_them: bool = False) -> list[tuple[Staged, Bucket, str]]:
        known = known_of([staged.hash for staged in chunk])
        decided = [(staged, *decide(staged, known)) for staged in chunk]
        if load_them and any(bucket in WRITES for _, bucket, _ in decided):
            pairs = [(staged, bucket) for staged, bucket, _ in decided]
            load(pairs, known, self._import(), self.ids, self.at)
        return decided

    def _import(self) -> SubscriberImport:
        """Return the import these rows belong to: one of the same file that was broken off, or a new one."""
        if self.account.import_id is not None:
            return db.session.get_one(SubscriberImport, self.account.import_id)
        found = self._broken_off()
        if found is None:
            found = SubscriberImport(
                made_at=self.at, name=self.name, basis=self.options.basis, digest=self.digest
            )
            db.session.add(found)
            db.session.flush()
        self.account.import_id = found.id
        return found

    def _broken_off(self) -> SubscriberImport | None:
        unfinished = select(SubscriberImport).where(
            SubscriberImport.digest == self.digest,
            SubscriberImport.finished_at.is_(None),
            SubscriberImport.undone_at.is_(None),
        )
        return db.session.scalars(unfinished).first()

    def finish(self) -> None:
        """Note that the whole list was taken."""
        if self.options.dry_run or not self._broken_off():
            return
        with write():
            brought = self._broken_off()
            if brought:
                brought.finished_at = now()
