"""Questions that every page asks: compiled to SQL once, answered in plain values."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Select
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.compiler import SQLCompiler

from .db import db

Row = TypeVar("Row")
_DIALECT = sqlite_dialect()
_Convert = Callable[[Any], Any] | None


class Prepared(Generic[Row]):
    """A SELECT compiled at its first use, whose rows become values through `make(*columns)`.

    Asking through the ORM costs about ten times what SQLite needs to answer, most of it to build and look
    up the statement; this costs next to nothing beside the answer. Parameters are `bindparam`s, given by
    name; those with a callable (the present moment in `Article.is_live`) are evaluated at each use.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]], make: Callable[..., Row]) -> None:
        self.statement = statement
        self._make = make
        self._compiled: SQLCompiler | None = None
        self._sql = ""
        self._into: list[tuple[str, _Convert]] = []
        self._out_of: list[tuple[int, Callable[[Any], Any]]] = []

    def all(self, **values: object) -> list[Row]:
        """Return every row of the answer, read in the session's transaction."""
        return [self._make(*columns) for columns in self._rows(values)]

    def first(self, **values: object) -> Row | None:
        """Return the first row of the answer, or None."""
        for columns in self._rows(values):
            return self._make(*columns)
        return None

    def _rows(self, values: dict[str, object]) -> list[Any]:
        compiled = self._compiled or self._compile()
        given = compiled.construct_params(values)
        bound = [convert(given[name]) if convert else given[name] for name, convert in self._into]
        driver: Any = db.session.connection().connection.driver_connection
        rows = driver.execute(self._sql, bound).fetchall()
        if not self._out_of:
            return rows  # type: ignore[no-any-return]
        return [self._converted(list(row)) for row in rows]

    def _converted(self, row: list[Any]) -> list[Any]:
        for place, convert in self._out_of:
            row[place] = convert(row[place])
        return row

    def _compile(self) -> SQLCompiler:
        compiled = self.statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("Only a SELECT can be prepared.")
        self._sql = str(compiled)
        for name in compiled.positiontup or []:
            kind = compiled.binds[name].type.dialect_impl(_DIALECT)
            self._into.append((name, kind.bind_processor(_DIALECT)))
        for place, column in enumerate(self.statement.selected_columns):
            convert = column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None)
            if convert:
                self._out_of.append((place, convert))
        self._compiled = compiled  # last: another thread must not find it half made
        return compiled
