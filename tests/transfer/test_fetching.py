"""The site's content is read with a constant number of queries."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event

from blog.lib.db import db
from blog.transfer.fetching import fetch, present_of

from .folders import article, put, take, whole


@pytest.mark.parametrize("number", [1, 3])
def test_reading_the_site_takes_as_many_queries_for_one_article_as_for_three(
    app: Flask, tmp_path: Path, number: int
) -> None:
    take(put(tmp_path, {f"articles/{n}.md": article(f"N {n}", tags="[a, b]") for n in range(number)}))
    queries: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        queries.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    present = present_of(fetch())
    event.remove(db.engine, "before_cursor_execute", count)
    assert len(present.articles) == number
    assert len([query for query in queries if query.startswith("SELECT")]) == 14


def test_two_readings_are_equal_where_nothing_changed(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path, whole()))
    first = fetch()
    db.session.rollback()
    assert fetch() == first
    db.session.execute(db.text("UPDATE article SET title = 'New' WHERE slug = 'diary'"))
    assert fetch() != first
