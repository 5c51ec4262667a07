"""Questions that every page asks: compiled to SQL once, answered in plain values."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.compiler import SQLCompiler

from .db import db

Row = TypeVar("Row")
Statement = Select[*tuple[Any, ...]] | Insert | Update | Delete
_DIALECT = sqlite_dialect()
_Convert = Callable[[Any], Any]


class Prepared(Generic[Row]):
    """A statement compiled at its first use, whose rows become values through `make(*columns)`.

    Asking through the ORM costs about ten times what SQLite needs to answer, most of it to build and look
    up the statement; this costs next to nothing beside the answer. Parameters are `bindparam`s, given by
    name; those with a callable (the present moment in `Article.is_live`) are evaluated at each use.

    A statement that writes is run inside `write()`; what the session has not flushed yet it does not see.
    """

    def __init__(self, statement: Statement, make: Callable[..., Row]) -> None:
        self.statement = statement
        self._make = make

    def run(self, **values: object) -> None:
        """Run a statement that answers nothing."""
        self._rows(values)

    def all(self, **values: object) -> list[Row]:
        """Return every row of the answer, read in the session's transaction."""
        return [self._make(*columns) for columns in self._rows(values)]

    def first(self, **values: object) -> Row | None:
        """Return the first row of the answer, or None."""
        for columns in self._rows(values):
            return self._make(*columns)
        return None

    def _rows(self, values: dict[str, object]) -> list[Any]:
        ready = self._ready
        given = ready.compiled.construct_params(values)
        bound = [convert(given[name]) if convert else given[name] for name, convert in ready.into]
        driver: Any = db.session.connection().connection.driver_connection
        rows: list[Any] = driver.execute(ready.sql, bound).fetchall()
        return [_converted(list(row), ready.out_of) for row in rows] if ready.out_of else rows

    @cached_property
    def _ready(self) -> "_Ready":
        """Compile at the first use; threads that come together compile it each and keep the same."""
        compiled = self.statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("Only a statement of SQL can be prepared.")
        kinds = [(name, compiled.binds[name].type) for name in compiled.positiontup or []]
        into = [(name, kind.dialect_impl(_DIALECT).bind_processor(_DIALECT)) for name, kind in kinds]
        columns = enumerate(self.statement.exported_columns)
        out_of = [
            (place, column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None))
            for place, column in columns
        ]
        return _Ready(compiled, str(compiled), into, [(place, do) for place, do in out_of if do])


class _Ready(NamedTuple):
    """A compiled statement: its SQL, and how values go into the database and come out of it."""

    compiled: SQLCompiler
    sql: str
    into: Sequence[tuple[str, _Convert | None]]
    out_of: Sequence[tuple[int, _Convert]]


def _converted(row: list[Any], out_of: Sequence[tuple[int, _Convert]]) -> list[Any]:
    for place, convert in out_of:
        row[place] = convert(row[place])
    return row
