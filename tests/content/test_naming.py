"""Categories, tags and people come to be when they are first named."""

from flask import Flask
from sqlalchemy import select

from blog.content.models import Tag
from blog.content.naming import rows_named
from blog.lib.db import db, write


def test_a_name_is_made_once_and_found_from_then_on(app: Flask) -> None:
    with write():
        rows_named(Tag, {"sleep": "Sleep"})
    with write():
        found = rows_named(Tag, {"sleep": "SLEEP", "memory": "memory"})
        assert sorted(found) == ["memory", "sleep"]
    assert db.session.execute(select(Tag.slug, Tag.name).order_by(Tag.slug)).all() == [
        ("memory", "memory"),
        ("sleep", "Sleep"),
    ]
