"""Questions that every page asks: compiled to SQL once, answered in plain values."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, CompoundSelect, Delete, Insert, Select, Update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.compiler import SQLCompiler

from .db import db

Row = TypeVar("Row")
Statement = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | Insert | Update | Delete
_DIALECT = sqlite_dialect()
_Convert = Callable[[Any], Any]
_DRIVER = "broadsheet.driver"


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
        bound = [bind.fixed if bind.is_fixed else bind.value(values) for bind in ready.into]
        rows: list[Any] = _driver().execute(ready.sql, bound).fetchall()
        return [_converted(list(row), ready.out_of) for row in rows] if ready.out_of else rows

    @cached_property
    def _ready(self) -> "_Ready":
        """Compile at the first use; threads that come together compile it each and keep the same."""
        compiled = self.statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("Only a statement of SQL can be prepared.")
        into = [_Bind(compiled.binds[name]) for name in compiled.positiontup or []]
        columns = enumerate(self.statement.exported_columns)
        out_of = [
            (place, column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None))
            for place, column in columns
        ]
        return _Ready(str(compiled), into, [(place, do) for place, do in out_of if do])


class _Bind:
    """One question mark of a statement: a value that is always the same, given by name, or found at each use."""

    def __init__(self, bind: BindParameter[Any]) -> None:
        self._name = bind.key
        self._find = bind.callable
        convert = bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
        self._convert: _Convert = convert or (lambda given: given)
        self.is_fixed = not bind.required and not bind.callable
        self.fixed = self._convert(bind.value) if self.is_fixed else None

    def value(self, values: dict[str, object]) -> Any:
        """Return what stands for the question mark this time."""
        if self._find:
            return self._convert(self._find())
        if self._name not in values:
            raise LookupError(f"A value is required for bind parameter '{self._name}'.")
        return self._convert(values[self._name])


class _Ready(NamedTuple):
    """A compiled statement: its SQL, and how values go into the database and come out of it."""

    sql: str
    into: Sequence[_Bind]
    out_of: Sequence[tuple[int, _Convert]]


def _driver() -> Any:
    """Return the driver's connection of the session's transaction, which SQLAlchemy takes its time to find."""
    session = db.session()
    transaction = session.get_transaction()
    known = session.info.get(_DRIVER)
    if known is None or known[0] is not transaction or transaction is None:
        driver: Any = session.connection().connection.driver_connection
        known = session.info[_DRIVER] = (session.get_transaction(), driver)
    return known[1]


def _converted(row: list[Any], out_of: Sequence[tuple[int, _Convert]]) -> list[Any]:
    for place, convert in out_of:
        row[place] = convert(row[place])
    return row
