"""The table of chores: what is done over and over in the background, and how often."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import text

from blog.lib.clock import now
from blog.lib.db import db, fold_log, write
from blog.lib.locking import writers_lock
from blog.lib.throttling import forget_old_tries
from blog.media.storing import clear_waiting_rooms
from blog.newsletter.collecting import collect_returned_mail
from blog.newsletter.following.telling import tell_followers
from blog.newsletter.issues.digesting import draft_digest
from blog.newsletter.signup.purging import purge_unconfirmed
from blog.newsletter.wiping import age_out_snapshots

SHORT_LOG = 256 * 1024
"""Bytes of the write-ahead log that may stay; writers themselves let it grow to some megabytes."""


@dataclass(frozen=True)
class Recurring:
    """A chore: its name, how often it is due, what it does."""

    name: str
    every: timedelta
    do: Callable[[], None]
    """Opens its own write(), if it writes; must be able to begin anew when it was broken off."""


def fold_long_log() -> None:
    """Fold the write-ahead log back into the database, so that a quiet site has its data in one file."""
    log = Path(f"{current_app.config['BROADSHEET_DATABASE']}-wal")
    if log.exists() and log.stat().st_size > SHORT_LOG:
        with writers_lock():
            fold_log()


def fold_whole_log() -> None:
    """Fold even a short log, so that nothing that was erased stays in it for longer than a day."""
    with writers_lock():
        fold_log()


def forget_tries() -> None:
    """Delete the counts of what clients did more than an hour ago."""
    with write():
        forget_old_tries(now())


def clear_away_pictures() -> None:
    """Remove new pictures that were left waiting when an import was killed."""
    clear_waiting_rooms(current_app.config["MEDIA"])


def learn_sizes() -> None:
    """Let the database learn how its tables have grown, where that would change how it searches them."""
    with write():
        db.session.execute(text("PRAGMA analysis_limit=400"))  # rows of an index that are looked at
        db.session.execute(
            text("PRAGMA optimize=0x10002")
        )  # of all tables, not only those this connection asked


CHORES = (
    Recurring("tell followers of articles", timedelta(minutes=5), tell_followers),
    Recurring("fold the write-ahead log", timedelta(minutes=5), fold_long_log),
    Recurring("fold even a short log", timedelta(days=1), fold_whole_log),
    Recurring("forget old tries", timedelta(hours=1), forget_tries),
    Recurring("clear away left pictures", timedelta(days=1), clear_away_pictures),
    Recurring("forget who never confirmed", timedelta(days=1), purge_unconfirmed),
    Recurring("remove old snapshots", timedelta(days=1), age_out_snapshots),
    Recurring("draft the digest", timedelta(hours=1), draft_digest),
    Recurring("read returned mail", timedelta(minutes=5), collect_returned_mail),
    Recurring("learn the tables' sizes", timedelta(days=1), learn_sizes),
)
