"""Categories, tags and people by their names: found, or made the first time they are named."""

from collections.abc import Mapping
from typing import TypeVar

from sqlalchemy import select

from blog.lib.db import db

from .models import Category, Person, Tag

_Named = TypeVar("_Named", Category, Person, Tag)


def rows_named(model: type[_Named], names: Mapping[str, str]) -> dict[str, _Named]:
    """Return the rows with these slugs; those that are missing are made, with the name that is given."""
    found = {row.slug: row for row in db.session.scalars(select(model)) if row.slug in names}
    for slug, name in names.items():
        if slug not in found:
            found[slug] = model(slug=slug, name=name)
            db.session.add(found[slug])
    return found
