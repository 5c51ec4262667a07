"""The background worker alone, and what it does: `worker`, `chores`."""

import signal
from datetime import datetime, timedelta

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from blog.lib.db import db
from blog.lib.signals import Told

from .chores import CHORES
from .models import Chore
from .running import work


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Do the chores that recur, until stopped; `serve` does them itself unless told --no-worker."""
    told = Told(signal.SIGTERM, signal.SIGINT)
    work(told, lambda: click.echo("The background worker is at work. Stop it with Ctrl-C."))


@click.command("chores")
@with_appcontext
def chores() -> None:
    """List the chores that recur, with their last and their next run."""
    rows = {row.name: row for row in db.session.scalars(select(Chore))}
    for chore in CHORES:
        click.echo(f"{chore.name}: every {_span(chore.every)}")
        row = rows.get(chore.name)
        if row is None:
            click.echo("    never run so far")
            continue
        took = "not finished" if row.seconds is None else f"took {row.seconds:.3f} s"
        click.echo(f"    last {_moment(row.last_run_at)} ({took}), next {_moment(row.next_run_at)}")
        click.echo(f"    missed {row.missed_runs}")
        if row.problem:
            click.echo(f"    failed: {row.problem}")


def _span(every: timedelta) -> str:
    """Return how often in words: `hour`, `5 minutes`."""
    seconds = round(every.total_seconds())
    units = {"day": 86400, "hour": 3600, "minute": 60, "second": 1}
    unit, length = next((unit, length) for unit, length in units.items() if seconds % length == 0)
    count = seconds // length
    return unit if count == 1 else f"{count} {unit}s"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else "never"


COMMANDS = (worker, chores)
