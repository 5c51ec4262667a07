"""The loop of the background worker: each chore at its time, claimed by its row, so that no two workers do it."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.lib.signals import Told

from .chores import CHORES, Recurring
from .complaining import sentence_about
from .mailing import mailing
from .models import Chore

LONGEST_NAP = 60.0
"""Seconds after which the worker looks again, whatever the clock did meanwhile."""

_log = logging.getLogger(__name__)


def work(told: Told, ready: Callable[[], None]) -> None:
    """Do the chores, and the mail beside them, until told to finish.

    A chore that is being done then is broken off; a message under way is finished.
    """
    db.session.execute(select(Chore.name)).all()  # a database that was not set up is no chore's failure
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy is typed as what it stands for
    with mailing(app):
        ready()
        pause: float | None = 0.0
        while pause is not None and not told.wait(pause):
            pause = told.unless_told(_do_chores)
        if pause is None:
            db.session.registry.clear()  # it may stand in the middle of a commit, where it cannot be closed


def _do_chores() -> float:
    pause = do_what_is_due(CHORES)
    db.session.remove()  # whoever naps must not keep others from folding the log
    return pause


def do_what_is_due(chores: Sequence[Recurring]) -> float:
    """Do each chore that is due; return in how many seconds the next one is."""
    try:
        for chore in chores:
            if claim(chore, now()):
                _do(chore)
        planned = db.session.scalars(select(Chore.next_run_at)).all()
    except (Refused, DatabaseError, OSError) as error:
        _log.warning("The chores must wait: %s", sentence_about(error))
        return LONGEST_NAP
    at = now()
    return min([LONGEST_NAP, *(max(0.0, (moment - at).total_seconds()) for moment in planned)])


def claim(chore: Recurring, at: datetime) -> bool:
    """Take the chore's run and say so, unless it is not due, or another worker took it; committed in any case."""
    known = db.session.get(Chore, chore.name, populate_existing=True)
    if known and not _is_due(known, chore, at):
        return False
    with write() as session:
        row: Chore | None = session.get(Chore, chore.name)
        if row is None:
            row = Chore(name=chore.name, next_run_at=at, missed_runs=0)
            session.add(row)
        if not _is_due(row, chore, at):
            return False
        row.missed_runs += max(0, (at - row.next_run_at) // chore.every)
        row.last_run_at, row.next_run_at = at, at + chore.every
        row.seconds, row.problem = None, ""
    return True


def _is_due(row: Chore, chore: Recurring, at: datetime) -> bool:
    """Tell whether it is time; a next run that is too far off was planned by a clock or a version that was wrong."""
    return row.next_run_at <= at or row.next_run_at > at + chore.every


def _do(chore: Recurring) -> None:
    began = time.monotonic()
    problem = ""
    try:
        chore.do()
    except Exception as error:  # whatever it was, the other chores go on
        problem = sentence_about(error)
        _log.warning("The chore “%s” failed: %s", chore.name, problem)
    with write() as session:
        row = session.get_one(Chore, chore.name)
        row.seconds, row.problem = round(time.monotonic() - began, 3), problem
