"""Commands for mail that came back: `newsletter bounce < mail` for a mail server's pipe, `newsletter bounces`."""

import os
import sys
from pathlib import Path
from typing import BinaryIO

import click
from flask.cli import with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import DatabaseError

from blog.lib.db import db
from blog.lib.locking import Busy
from blog.newsletter.collecting import collect, take_report, told
from blog.newsletter.models import Bounce
from blog.outbox.maildir import bounce_maildir
from blog.outbox.models import Mailroom
from blog.outbox.reports import LARGEST

from .groups import newsletter

ANOTHER_TIME = os.EX_TEMPFAIL
"""Exit status that makes a mail server keep the message and try again."""


@newsletter.command("bounce")
@with_appcontext
def bounce() -> None:
    """Take one report of returned mail from standard input.

    Ends with 0 also where it is no report, so that a mail server does not answer a bounce with a bounce; with 75
    where it should come again.
    """
    try:
        click.echo(told(take_report(_read(sys.stdin.buffer))))
    except (Busy, DatabaseError, OSError) as error:
        click.echo(f"Not now: {error}", err=True)
        sys.exit(ANOTHER_TIME)


@newsletter.command("bounces")
@click.option(
    "--maildir", "folder", type=click.Path(path_type=Path), help="Default: the setting mail.bounce_maildir."
)
@with_appcontext
def bounces(folder: Path | None) -> None:
    """Take the reports that lie in a Maildir, and say what came back so far."""
    given = folder or (Path(bounce_maildir.get()) if bounce_maildir.get() else None)
    if given:
        click.echo(told(collect(given)))
    kinds = db.session.execute(
        select(Bounce.kind, func.count()).group_by(Bounce.kind).order_by(Bounce.kind)
    ).all()
    click.echo(
        "all in all: " + (", ".join(f"{kind} {count}" for kind, count in kinds) or "nothing came back")
    )
    click.echo(
        f"reports about nothing that we sent: {db.session.scalars(select(Mailroom.ignored_reports)).one()}"
    )


def _read(stream: BinaryIO) -> bytes:
    """Read one byte more than a report may have, and the rest away: whoever writes must not fail for it."""
    raw = stream.read(LARGEST + 1)
    while stream.read(LARGEST):
        pass
    return raw
