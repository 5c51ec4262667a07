"""All kept HTML made anew from its Markdown, for when the renderer or the site's language has changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy import Row, select

from blog.content.models import Article, Page, Person, Question
from blog.content.rendering import PictureOf, kept_pictures
from blog.lib.db import db, write
from blog.lib.markdown import Picture

from .reading import Progress
from .rendered import Columns, rendered_article, rendered_page, rendered_person, rendered_question

_AT_ONCE = 100


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


def rerender(progress: Progress) -> dict[str, int]:
    """Render everything anew and return how many rows of each kind there were.

    Rendering happens outside the transactions, which are short; a text that changed meanwhile was rendered
    by whoever changed it.
    """
    sums = {}
    for kind in _KINDS:
        ids = list(db.session.scalars(select(kind.model.id).order_by(kind.model.id)))
        for start in range(0, len(ids), _AT_ONCE):
            _rerender_some(kind, ids[start : start + _AT_ONCE])
            progress(f"rendering {kind.name}", min(start + _AT_ONCE, len(ids)), len(ids))
        sums[kind.name] = len(ids)
    return sums


def _rerender_some(kind: _Kind, ids: list[int]) -> None:
    columns = [getattr(kind.model, name) for name in kind.sources]
    rows: Sequence[Row[Any]] = db.session.execute(
        select(kind.model.id, *columns).where(kind.model.id.in_(ids))
    ).all()
    kept = kept_pictures()

    def picture_of(address: str) -> Picture | None:
        return kept(unquote(address))

    made = {row.id: (row[1:], kind.render(row, picture_of)) for row in rows}
    with write() as session:
        for row in session.scalars(select(kind.model).where(kind.model.id.in_(ids))):
            _put(row, kind, *made[row.id])


def _put(row: Any, kind: _Kind, sources: tuple[Any, ...], columns: Columns) -> None:
    if tuple(_values(row, kind.sources)) == tuple(sources):
        for name, value in columns.items():
            setattr(row, name, value)


def _values(row: Any, names: tuple[str, ...]) -> Iterator[Any]:
    return (getattr(row, name) for name in names)
