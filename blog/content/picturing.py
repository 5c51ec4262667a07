"""Which pictures readers may ask for by name: not those that stand only on what is hidden."""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from sqlalchemy import ColumnElement, and_, event, exists, insert, inspect, not_, or_, select, text, true
from sqlalchemy.orm import Session, UOWTransaction

from blog.lib.db import db
from blog.media.models import Media

from .models import Article, Page, Person, PictureUse, Question
from .queries import has_page, is_public_question

_IN_MARKDOWN = re.compile(r"/media/([^\s()<>\"'?#\]]+)")
_TEXTS: dict[type[Any], tuple[str, ...]] = {
    Article: ("body", "tldr"),
    Question: ("answer",),
    Page: ("body",),
    Person: ("body",),
}
"""The Markdown of each kind of row."""


def pictures_in(*texts: str) -> set[str]:
    """Return the names of the pictures that Markdown shows or leads to."""
    return {unquote(name) for words in texts for name in _IN_MARKDOWN.findall(words)}


def keep_picture_uses() -> None:
    """Note after every flush of every session which pictures stand in the texts that were written."""
    if not event.contains(Session, "after_flush", _note_uses):
        event.listen(Session, "after_flush", _note_uses)


def _note_uses(session: Session, _context: UOWTransaction) -> None:
    gone = [(row, set[str]()) for row in session.deleted if type(row) in _TEXTS]
    changes = [*gone, *_written([*session.new, *session.dirty])]
    if not changes:
        return
    keys = [{"kind": row.__tablename__, "owner": row.id} for row, _ in changes]
    session.execute(text("DELETE FROM picture_use WHERE kind = :kind AND owner = :owner"), keys)
    rows = [
        {**key, "name": name} for key, (_, names) in zip(keys, changes, strict=True) for name in sorted(names)
    ]
    if rows:
        session.execute(insert(PictureUse), rows)


def _written(rows: Iterable[Any]) -> Iterator[tuple[Any, set[str]]]:
    """Yield the rows whose texts are other ones now, with the pictures in them."""
    for row in rows:
        names = _TEXTS.get(type(row), ())
        if any(inspect(row).attrs[name].history.has_changes() for name in names):
            yield row, pictures_in(*(getattr(row, name) or "" for name in names))


def may_show_picture(media: Media) -> bool:
    """Tell whether readers may ask for a picture by its name.

    It may stand on something that they can read, or nowhere at all; not on hidden things alone.
    """
    used = or_(exists().where(Article.cover_id == media.id), exists().where(PictureUse.name == media.name))
    shown = or_(
        exists().where(Article.cover_id == media.id, Article.is_live),
        exists().where(Person.photo_id == media.id),
        _stands_in(Article, media, and_(Article.is_live)),
        _stands_in(Question, media, is_public_question()),
        _stands_in(Page, media, true()),
        _stands_in(Person, media, has_page()),
    )
    return bool(db.session.scalar(select(or_(not_(used), shown))))


def _stands_in(kind: type[Any], media: Media, readable: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        PictureUse.name == media.name,
        PictureUse.kind == kind.__tablename__,
        PictureUse.owner == kind.id,
        readable,
    )
