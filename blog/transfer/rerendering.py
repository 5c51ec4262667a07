"""All kept HTML made anew from its Markdown, for when the renderer or the site's language has changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Row, select

from blog.content.models import Article, Page, Person, Question
from blog.content.rendering import PictureOf, kept_pictures, renderer
from blog.lib.db import db, write
from blog.lib.fulltext import batched_lists
from blog.lib.markdown import Picture

from .outcomes import Progress
from .rendering import (
    Columns,
    rendered_article,
    rendered_page,
    rendered_person,
    rendered_question,
    set_columns,
)

_AT_ONCE = 100
_Made = dict[int, tuple[tuple[Any, ...], Columns]]
"""Id of a row to the texts that were rendered and what was made from them."""


@dataclass(frozen=True)
class _Kind:
    """How one kind of row is rendered: the columns it is made from, and what makes it."""

    name: str
    model: type[Any]
    sources: tuple[str, ...]
    render: Callable[[Any, PictureOf], Columns]


_KINDS = (
    _Kind("articles", Article, ("body", "tldr"), lambda row, of: rendered_article(row.body, row.tldr, of)),
    _Kind("pages", Page, ("body",), lambda row, of: rendered_page(row.body, of)),
    _Kind("people", Person, ("body",), lambda row, of: rendered_person(row.body, of)),
    _Kind(
        "questions", Question, ("slug", "answer"), lambda row, of: rendered_question(row.slug, row.answer, of)
    ),
)


def rerender(progress: Progress, *, dry_run: bool = False) -> dict[str, int]:
    """Render everything anew and return how many rows of each kind there were.

    Rendering happens outside the transactions, which are short; a text that changed meanwhile was rendered
    by whoever changed it. A dry run keeps nothing, and returns how many rows would change.
    """
    renderer()  # asks how the site speaks, once for the whole command
    sums = {}
    for kind in _KINDS:
        ids = list(db.session.scalars(select(kind.model.id).order_by(kind.model.id)))
        changing = done = 0
        for some in batched_lists(ids, _AT_ONCE):
            made: _Made = {}
            rows, picture_of = _read(kind, some)
            for row in rows:
                made[row.id] = tuple(row[1:]), kind.render(row, picture_of)
                done += 1
                progress(f"rendering {kind.name}", done, len(ids))
            if dry_run:
                changing += _changing(kind, made)
            else:
                _keep(kind, made)
        sums[kind.name] = changing if dry_run else len(ids)
    return sums


def _read(kind: _Kind, ids: list[int]) -> tuple[Sequence[Row[Any]], PictureOf]:
    """Read what is rendered, with a finder of pictures, and let go of the database."""
    columns = [getattr(kind.model, name) for name in kind.sources]
    rows = db.session.execute(select(kind.model.id, *columns).where(kind.model.id.in_(ids))).all()
    kept = kept_pictures()
    db.session.rollback()

    def picture_of(address: str) -> Picture | None:
        return kept(unquote(address))

    return rows, picture_of


def _keep(kind: _Kind, made: _Made) -> None:
    with write():
        for row in _rows(kind, made):
            sources, columns = made[row.id]
            if tuple(getattr(row, name) for name in kind.sources) == sources:
                set_columns(row, columns)


def _changing(kind: _Kind, made: _Made) -> int:
    """Count the rows that hold something else than what was made."""
    changing = 0
    for row in _rows(kind, made):
        changing += any(getattr(row, name) != value for name, value in made[row.id][1].items())
    db.session.rollback()
    return changing


def _rows(kind: _Kind, made: _Made) -> Sequence[Any]:
    return db.session.scalars(select(kind.model).where(kind.model.id.in_(made))).all()
