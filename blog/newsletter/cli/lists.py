"""Lists of subscribers in and out: `subscribers import`, `imports`, `undo`, `export`, `count`, `show`."""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.lib.showing import Shown
from blog.newsletter.lists.counting import counts, proofs_of, standing_at
from blog.newsletter.lists.deciding import Bucket
from blog.newsletter.lists.exporting import export_list
from blog.newsletter.lists.importing import Account, NotTaken, Options, import_list
from blog.newsletter.lists.rows import Standing
from blog.newsletter.lists.undoing import undo_import
from blog.newsletter.models import Subscriber, SubscriberImport

from .groups import subscribers

MOST_TOLD = 20
"""Refused rows that are told one by one."""


@subscribers.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--basis", default="", help="On what consent they stand, kept as proof where the list says none."
)
@click.option(
    "--state",
    type=click.Choice([standing.value for standing in Standing]),
    help="How those stand of whom the list does not say it.",
)
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
@click.option("--skip-bad", is_flag=True, help="Take the good rows although others are refused.")
@click.option(
    "--rows",
    "told_in",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what became of each row.",
)
@with_appcontext
def import_(
    file: Path, basis: str, state: str | None, dry_run: bool, skip_bad: bool, told_in: Path | None
) -> None:
    """Bring in a list of subscribers, a CSV file; nobody is mailed by it."""
    options = Options(" ".join(basis.split()), Standing(state) if state else None, dry_run, skip_bad)
    with _notes(told_in) as notes:
        try:
            account = import_list(file, options, note=notes.note, progress=Shown())
        except NotTaken:
            notes.tell_refused()
            raise
    notes.tell_refused()
    _tell(account)
    if dry_run:
        click.echo("This was a dry run: nothing was written.")


class _Notes:
    """What becomes of each row: written into a file where one is asked for; refusals are told."""

    def __init__(self, file: TextIO | None) -> None:
        self._writer = csv.writer(file, lineterminator="\n") if file else None
        self._refused: list[str] = []
        self._more = 0

    def note(self, line: int, bucket: Bucket, reason: str) -> None:
        """Keep what became of a row."""
        if self._writer:
            self._writer.writerow([line, bucket, reason])
        if bucket is Bucket.INVALID and len(self._refused) < MOST_TOLD:
            self._refused.append(f"line {line}: {reason}")
        else:
            self._more += bucket is Bucket.INVALID

    def tell_refused(self) -> None:
        """Say which rows were refused."""
        for line in self._refused:
            click.echo(line, err=True)
        if self._more:
            click.echo(f"and {self._more} more", err=True)


@contextmanager
def _notes(path: Path | None) -> Iterator[_Notes]:
    if path is None:
        yield _Notes(None)
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("line,bucket,reason\n")
        yield _Notes(file)


def _tell(account: Account) -> None:
    click.echo(", ".join(f"{bucket} {account.sums[bucket]}" for bucket in Bucket))
    if account.were_subscribed:
        click.echo(f"of those taken out, {account.were_subscribed} were subscribed here")
    if account.import_id is not None:
        click.echo(f"`subscribers undo {account.import_id}` takes this back")


@subscribers.command("imports")
@with_appcontext
def imports() -> None:
    """List the lists that were brought in."""
    numbers = select(Subscriber.import_id, func.count()).group_by(Subscriber.import_id)
    counted = dict(db.session.execute(numbers).all())
    for row in db.session.scalars(select(SubscriberImport).order_by(SubscriberImport.id)):
        state = "broken off, the same file again goes on" if row.finished_at is None else "done"
        if row.undone_at:
            state = f"taken back {row.undone_at:%Y-%m-%d %H:%M} UTC"
        brought = f"brought {counted.get(row.id, 0)} who are still here"
        click.echo(f"{row.id}: {row.made_at:%Y-%m-%d %H:%M} UTC, {row.name}, {brought}, {state}")
        click.echo(f"    {row.basis or 'the list says on what consent each stands'}")


@subscribers.command("undo")
@click.argument("number", type=int, metavar="IMPORT")
@with_appcontext
def undo(number: int) -> None:
    """Take one import back as a whole; addresses that it took out stay out."""
    sums = undo_import(number, at=now())
    click.echo(", ".join(f"{count} {what}" for what, count in sums.items()) or "It brought nobody.")


@subscribers.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@with_appcontext
def export(file: Path | None) -> None:
    """Write all subscribers as CSV, to a file that only you can read, or to standard output."""
    if file is None:
        export_list(sys.stdout)
        return
    fresh = file.with_name(f".{file.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            count = export_list(stream)
        fresh.replace(file)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    click.echo(f"{count} subscribers written")


@subscribers.command("count")
@with_appcontext
def count() -> None:
    """Count subscribers by how they stand."""
    for what, number in counts(now()).items():
        click.echo(f"{what} {number}")


@subscribers.command("show")
@click.argument("address")
@with_appcontext
def show(address: str) -> None:
    """Show how one address stands, and the proof."""
    found = address_from(address)
    if found is None:
        raise Refused(f"“{address}” is not an e-mail address.")
    for line in (standing_at(found), *proofs_of(found)):
        click.echo(line)
