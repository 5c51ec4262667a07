"""Bringing the database and the file of suppressed addresses together: of each address the latest event wins."""

from collections.abc import Callable, Iterator
from datetime import datetime

from flask import Flask, current_app
from sqlalchemy import BindParameter, String, bindparam, case, func, null, select, type_coerce, update
from sqlalchemy.dialects.sqlite import insert

from blog.lib.prepared import Prepared

from .models import Suppression
from .remembering import Event, Lines, event_from, remember

Again = Callable[[Event], None]
"""Takes an address out again that an older database still holds; called inside write()."""

_AGAIN = "suppressed again"
_RANGES = [f"{number:02x}" for number in range(256)]
"""What hashes begin with: so many parts are compared one after the other, each of them small."""
_KEPT = Prepared(
    select(
        Suppression.hash,
        case((Suppression.lifted_at.is_(None), Suppression.reason), else_=""),
        type_coerce(func.coalesce(Suppression.lifted_at, Suppression.at), String),
    ).where(Suppression.hash >= bindparam("first"), Suppression.hash < bindparam("end")),
    lambda *columns: columns,
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
    learnt = 0
    for first in _RANGES:
        lacking = list[Event]()
        for in_file, in_database in _differing(lines, first):
            if in_database and (in_file is None or in_database.at > in_file.at):
                lacking.append(in_database)
            elif in_file and (in_database is None or in_file.at > in_database.at):
                learnt += _learn(in_file, again)
        if lacking:
            remember(lacking)  # committed long ago
    for erased in lines.erased():
        again(erased)
    return learnt


def _differing(lines: Lines, first: str) -> Iterator[tuple[Event | None, Event | None]]:
    """Yield the latest events in the file and in the database of addresses whose events are not the same.

    Of those whose hashes begin with `first`. Moments are compared as text, which is the same on both sides: almost
    always all is the same.
    """
    in_file, in_database = (
        set(lines.between(first, f"{first}g")),
        set(_KEPT.all(first=first, end=f"{first}g")),
    )
    ours = {row[0]: event_from(row) for row in in_file - in_database}
    theirs = {row[0]: event_from(row) for row in in_database - in_file}
    for hashed in sorted(ours.keys() | theirs.keys()):
        yield ours.get(hashed), theirs.get(hashed)


def _learn(event: Event, again: Again) -> int:
    if not event.reason:
        _LIFT.run(whose=event.hash, since=event.at)
        return 0
    _SUPPRESS.run(whose=event.hash, why=event.reason, since=event.at)
    again(event)
    return 1
