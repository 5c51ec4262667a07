"""Bringing the database and the file of suppressed addresses together: of each address the latest event wins."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby

from flask import Flask, current_app
from sqlalchemy import BindParameter, bindparam, null, select, update
from sqlalchemy.dialects.sqlite import insert

from blog.lib.prepared import Prepared

from .models import Suppression
from .remembering import Event, Lines, remember

Again = Callable[[Event], None]
"""Takes an address out again that an older database still holds; called inside write()."""

_AGAIN = "suppressed again"
_PAGE = 5_000
_AFTER = Prepared(
    select(Suppression.hash, Suppression.reason, Suppression.at, Suppression.lifted_at)
    .where(Suppression.hash > bindparam("last"))
    .order_by(Suppression.hash)
    .limit(_PAGE),
    lambda hashed, reason, at, lifted_at: Event(hashed, "" if lifted_at else reason, lifted_at or at),
)

_since: BindParameter[datetime] = bindparam("since", type_=Suppression.at.type)
_SUPPRESS = Prepared(
    insert(Suppression)
    .values(hash=bindparam("whose"), reason=bindparam("why"), at=_since)
    .on_conflict_do_update(
        index_elements=["hash"], set_={"reason": bindparam("why"), "at": _since, "lifted_at": null()}
    ),
    tuple,
)
_LIFT = Prepared(
    update(Suppression).where(Suppression.hash == bindparam("whose")).values(lifted_at=_since), tuple
)


def when_suppressed_again(app: Flask, again: Again) -> None:
    """Say who takes addresses out again; app.py hands it down."""
    app.extensions[_AGAIN] = again


def merge_suppressions(lines: Lines) -> int:
    """Merge what the file says into the database and add to the file what it lacks. Call inside write().

    Called at every start and after a restore, so that an older database forgets nobody: who left is out again,
    who was erased is erased again. Returns how many addresses the database did not know of.
    """
    again: Again = current_app.extensions[_AGAIN]
    learnt, lacking = 0, list[Event]()
    for in_file, in_database in _side_by_side(lines):
        if in_database and (in_file is None or in_database.at > in_file.at):
            lacking.append(in_database)
        elif in_file and (in_database is None or in_file.at > in_database.at):
            learnt += _learn(in_file, again)
        if len(lacking) >= _PAGE:
            _add(lacking)
    _add(lacking)
    for erased in lines.erased():
        again(erased)
    return learnt


def _add(lacking: list[Event]) -> None:
    """Add what was committed long ago to the file, in which it is missing."""
    if lacking:
        remember(lacking)
    lacking.clear()


def _side_by_side(lines: Lines) -> Iterator[tuple[Event | None, Event | None]]:
    """Yield the latest event of each address in the file and in the database, one of them perhaps missing."""
    both = heapq.merge(
        ((event.hash, 0, event) for event in lines.latest()), ((event.hash, 1, event) for event in _kept())
    )
    for _hashed, events in groupby(both, key=lambda entry: entry[0]):
        found = {place: event for _, place, event in events}
        yield found.get(0), found.get(1)


def _kept() -> Iterator[Event]:
    """Yield what the database holds, page by page: rows may change meanwhile."""
    last = ""
    while page := _AFTER.all(last=last):
        yield from page
        last = page[-1].hash


def _learn(event: Event, again: Again) -> int:
    if not event.reason:
        _LIFT.run(whose=event.hash, since=event.at)
        return 0
    _SUPPRESS.run(whose=event.hash, why=event.reason, since=event.at)
    again(event)
    return 1
