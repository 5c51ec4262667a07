"""Corrections of an article stand in the order in which they were given."""

import datetime as dt

from flask import Flask
from sqlalchemy import select

from blog.content.correcting import set_corrections
from blog.content.models import Article, Correction
from blog.lib.db import db, write


def correction(day: int, note: str) -> Correction:
    return Correction(date=dt.date(2025, 3, day), note=note)


def test_corrections_change_and_keep_their_order(app: Flask) -> None:
    article = Article(slug="sleep", title="Sleep")
    with write() as session:
        session.add(article)
        set_corrections(article, [correction(1, "A number."), correction(2, "A name.")])
        session.flush()
        set_corrections(article, [correction(3, "A date."), article.corrections[0]])
    kept = select(Correction.position, Correction.note).order_by(Correction.position)
    assert db.session.execute(kept).all() == [(0, "A date."), (1, "A number.")]
