"""No way of writing what readers see goes past the edition, and what they don't see leaves it alone."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.dialects.sqlite import insert as upsert

from blog.content.models import Article, Category, Credit, Tag
from blog.lib.db import db, write
from blog.lib.edition import Edition, announcer
from blog.newsletter.models import Consent
from tests.journal import publish_journal
from tests.lib.test_triggers import UNSEEN_TABLES, beside


def number() -> int:
    db.session.rollback()
    return db.session.execute(select(Edition.number)).scalar_one()


def test_every_table_that_readers_see_raises_the_number_with_every_kind_of_raw_statement(app: Flask) -> None:
    publish_journal()
    seen = sorted(db.metadata.tables.keys() - UNSEEN_TABLES)
    quiet = []
    with beside(app) as other:

        def rises(statement: str, *rows: tuple[object, ...]) -> bool:
            before = other.execute("SELECT number FROM edition").fetchone()
            for row in rows or ((),):
                other.execute(statement, row)
            return bool(other.execute("SELECT number FROM edition").fetchone() > before)

        for name in seen:
            rows = other.execute(f"SELECT * FROM {name}").fetchall()
            assert rows, name
            marks = ", ".join("?" * len(rows[0]))
            column = next(iter(db.metadata.tables[name].columns)).name
            raised = (
                rises(f"UPDATE {name} SET {column} = {column}"),
                rises(f"DELETE FROM {name}"),
                rises(f"INSERT INTO {name} VALUES ({marks})", *rows),
                rises(f"INSERT OR REPLACE INTO {name} VALUES ({marks})", *rows),
            )
            if raised != (True, True, True, True):
                quiet.append((name, raised))
    assert quiet == []


def test_signups_and_tries_leave_the_number_alone(app: Flask, client: FlaskClient) -> None:
    publish_journal()
    before, word = number(), announcer().word.read()
    answer = client.post("/newsletter/signup", data={"email": "dee@example.org"})
    assert (answer.status_code, db.session.query(Consent).count()) == (303, 1)
    assert (number(), announcer().word.read()) == (before, word)


def test_tables_that_readers_do_not_see_leave_the_number_alone(app: Flask) -> None:
    publish_journal()
    before = number()
    with beside(app) as other:
        for name in sorted(UNSEEN_TABLES - {"edition"}):
            column = next(iter(db.metadata.tables[name].columns)).name
            other.execute(f"UPDATE {name} SET {column} = {column}")
            other.execute(f"DELETE FROM {name}")
    assert number() == before


BULK: dict[str, Callable[[], object]] = {
    "insert": lambda: db.session.execute(insert(Tag).values(slug="new", name="New")),
    "insert many": lambda: db.session.execute(insert(Tag), [{"slug": name, "name": name} for name in "xyz"]),
    "insert from select": lambda: db.session.execute(
        insert(Tag).from_select(["slug", "name"], select(Category.slug, Category.name))
    ),
    "update": lambda: db.session.execute(update(Article).values(summary="Short.")),
    "update many": lambda: db.session.execute(
        update(Article), [{"id": id_, "summary": "Short."} for id_ in db.session.scalars(select(Article.id))]
    ),
    "update nothing new": lambda: db.session.execute(update(Article).values(title=Article.title)),
    "query update": lambda: db.session.query(Article).update({"summary": "Short."}),
    "delete": lambda: db.session.execute(delete(Credit)),
    "query delete": lambda: db.session.query(Credit).delete(),
    "upsert that inserts": lambda: db.session.execute(
        upsert(Tag).values(slug="new", name="New").on_conflict_do_update(["slug"], set_={"name": "Other"})
    ),
    "upsert that updates": lambda: db.session.execute(
        upsert(Tag).values(slug="memory", name="M").on_conflict_do_update(["slug"], set_={"name": "Other"})
    ),
    "replace": lambda: db.session.execute(
        insert(Tag).prefix_with("OR REPLACE").values(slug="fresh", name="Fresh")
    ),
    "text": lambda: db.session.execute(text("UPDATE page SET title = 'Us'")),
    "driver": lambda: db.session.connection().exec_driver_sql("DELETE FROM correction"),
    "core table": lambda: db.session.execute(db.metadata.tables["article_tag"].delete()),
    "orm insert": lambda: db.session.add(Tag(slug="new", name="New")),
    "orm update": lambda: setattr(db.session.scalars(select(Article)).first(), "summary", "Short."),
    "orm delete": lambda: db.session.delete(db.session.scalars(select(Article)).first()),
    "orm bulk": lambda: db.session.bulk_insert_mappings(Tag, [{"slug": "new", "name": "New"}]),
    "cascade alone": lambda: db.session.execute(text("DELETE FROM article")),
}


@pytest.mark.parametrize("name", BULK)
def test_no_way_of_writing_goes_past_the_number(app: Flask, name: str) -> None:
    publish_journal()
    before = number()
    with write():
        BULK[name]()
    assert number() > before
    assert announcer().word.read() == announcer().word_in_database()


def test_rows_that_go_with_their_parent_raise_it_too(app: Flask) -> None:
    publish_journal()
    with beside(app) as other:
        other.execute("PRAGMA foreign_keys=ON")
        for change in ("insert", "update", "delete"):
            other.execute(f"DROP TRIGGER edition_article_{change}")
        before = other.execute("SELECT number FROM edition").fetchone()[0]
        other.execute("DELETE FROM article WHERE slug = 'sleep-and-memory'")
        assert other.execute("SELECT number FROM edition").fetchone()[0] > before
