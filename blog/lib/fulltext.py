"""The full-text index: written by one flush hook for every model that declares what of it is searchable."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    Column,
    ColumnClause,
    ColumnElement,
    Integer,
    Select,
    String,
    column,
    event,
    inspect,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import Session, UOWTransaction

SPAN = 2**40
"""Row ids of the index are `kind * SPAN + id`: one number says which row of which model is meant, and the
newest of each kind stand together, at the end of its span."""

_FEWEST_LETTERS = 3
"""A last word this long matches words that begin with it."""
_MOST_WORDS = 12

ALL, TITLES = "fulltext", "fulltext_title"
"""The tables: all that can be found, and its titles alone, in which far fewer rows match a common word."""
_TABLES = {name: table(name, column("rowid", Integer), column("title", String)) for name in (ALL, TITLES)}


def number(among: str = ALL) -> ColumnClause[int]:
    """Return the number of a row of the index."""
    return _TABLES[among].c.rowid


def title(among: str = ALL) -> ColumnClause[str]:
    """Return the title of a row of the index."""
    return _TABLES[among].c.title


def matches(expression: BindParameter[str], among: str = ALL) -> ColumnElement[bool]:
    """Return the condition that a row of the index matches an FTS5 expression."""
    return literal_column(among).op("MATCH", is_comparison=True)(expression)


def newest_matches(
    expression: BindParameter[str], kind: int, *conditions: ColumnElement[bool], among: str = ALL
) -> Select[int]:
    """Return the question for the numbers of what matches, the newest rows of a kind first.

    With a limit it costs the same however many match. `conditions` are about `found_id(kind, among)`.
    """
    row = number(among)
    mine = (row >= literal_column(str(kind * SPAN)), row < literal_column(str((kind + 1) * SPAN)))
    found = select(row.label("number"))
    return found.where(matches(expression, among), *mine, *conditions).order_by(row.desc())


def found_id(kind: int, among: str = ALL) -> ColumnElement[int]:
    """Return the id that a row of the index would have in the table of a kind."""
    return number(among) - literal_column(str(kind * SPAN))


@dataclass(frozen=True)
class Document:
    """What of a row can be found: its title weighs most, `more` (names, sources, tags) more than the text."""

    title: str
    body: str
    more: str = ""


_STATEMENTS = (
    (
        text("DELETE FROM fulltext WHERE rowid = :id"),
        text("INSERT INTO fulltext (rowid, title, body, more) VALUES (:id, :title, :body, :more)"),
    ),
    (
        text("DELETE FROM fulltext_title WHERE rowid = :id"),
        text("INSERT INTO fulltext_title (rowid, title) VALUES (:id, :title)"),
    ),
)
Documents = Callable[[Session, list[int]], Iterable[tuple[int, Document]]]
"""Reads what can be found of the rows with these ids, which are already flushed."""
Owners = Callable[[Session, Any], Iterable[int]]
"""Names the ids of the searchable rows that are found by what another row says."""


class Index:
    """What is searchable: models with their documents, and rows that are part of another's document."""

    def __init__(self) -> None:
        self._documents: dict[type, tuple[int, Documents]] = {}
        self._parts: dict[type, list[tuple[type, Owners]]] = defaultdict(list)

    def searchable(self, model: type, kind: int, documents: Documents) -> None:
        """Declare a model searchable; `kind` is its own number, from 0 to KINDS - 1."""
        self._documents[model] = (kind, documents)

    def part(self, model: type, of: type, owners: Owners) -> None:
        """Declare that a change of `model` changes what can be found of some rows of `of`."""
        self._parts[model].append((of, owners))

    def keep(self) -> None:
        """Keep the index in step with every flush of every session."""
        for moment, hook in (("before_flush", self._before_flush), ("after_flush", self._after_flush)):
            if not event.contains(Session, moment, hook):
                event.listen(Session, moment, hook)

    def rebuild(self, session: Session) -> None:
        """Make the index anew from all rows."""
        for name in (ALL, TITLES):
            session.execute(text(f"DELETE FROM {name}"))  # noqa: S608 (names of our own tables)
        for model in self._documents:
            key: Column[int] = inspect(model).primary_key[0]
            self._put(session, model, list(session.scalars(select(key).order_by(key))))

    def _before_flush(self, session: Session, _context: UOWTransaction, _instances: object) -> None:
        # Afterwards nobody knows any more what a deleted tag was tied to.
        session.info[self] = self._touched(session, session.deleted)

    def _after_flush(self, session: Session, _context: UOWTransaction) -> None:
        with session.no_autoflush:
            found = self._touched(session, [*session.new, *session.dirty, *session.deleted])
            for model, ids in session.info.pop(self, {}).items():
                found[model].update(ids)
            for model, ids in found.items():
                self._put(session, model, sorted(ids))

    def _touched(self, session: Session, rows: Iterable[Any]) -> dict[type, set[int]]:
        found: dict[type, set[int]] = defaultdict(set)
        for row in rows:
            if type(row) in self._documents:
                found[type(row)].add(row.id)
            for model, owners in self._parts.get(type(row), ()):
                found[model].update(owners(session, row))
        return found

    def _put(self, session: Session, model: type, ids: list[int]) -> None:
        kind, documents = self._documents[model]
        for some in batched_lists(ids, 200):
            numbers = [{"id": kind * SPAN + row_id} for row_id in some]
            made = [
                {"id": kind * SPAN + row_id, "title": found.title, "body": found.body, "more": found.more}
                for row_id, found in documents(session, some)
            ]
            for delete, insert in _STATEMENTS:
                session.execute(delete, numbers)
                if made:
                    session.execute(insert, made)


index = Index()
"""The product's one index; content declares what is in it."""


def batched_lists(rows: list[int], size: int) -> Iterator[list[int]]:
    """Cut a list into lists of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def typed_words(typed: str) -> list[str]:
    """Return the words of what a person typed that are looked for."""
    composed = unicodedata.normalize("NFC", typed.replace("\0", " "))
    return re.findall(r"[^\W_]+", composed)[:_MOST_WORDS]


def match_expression(words: Sequence[str], *, whole: bool = False) -> str:
    """Return the FTS5 expression for these words, of which there is at least one.

    Every word must occur; the last one, from three letters, may be the beginning of a word unless `whole`.
    Words are put inside quotes, so no operator of FTS5 can be meant.
    """
    quoted = [f'"{word}"' for word in words]
    if len(words[-1]) >= _FEWEST_LETTERS and not whole:
        quoted[-1] += "*"
    return " ".join(quoted)
