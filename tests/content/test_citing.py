"""References of an article stand in the order in which they were given."""

from flask import Flask
from sqlalchemy import select

from blog.content.citing import set_references
from blog.content.models import Article, Reference
from blog.lib.db import db, write


def test_references_change_and_keep_their_order(app: Flask) -> None:
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add(article)
        set_references(article, [Reference(title="A study"), Reference(title="A leaflet")])
        session.flush()
        set_references(article, [Reference(title="A review"), *article.references])
    kept = select(Reference.position, Reference.title).order_by(Reference.position)
    assert db.session.execute(kept).all() == [(0, "A review"), (1, "A study"), (2, "A leaflet")]
