"""What the chores do: tidy up what would otherwise grow, and nothing that anybody misses."""

import os
from datetime import timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.throttling import Tries, count_try
from blog.worker.chores import CHORES, SHORT_LOG

CHORE = {chore.name: chore for chore in CHORES}


def log_of(app: Flask) -> int:
    return Path(f"{app.config['BROADSHEET_DATABASE']}-wal").stat().st_size


def test_each_chore_has_a_name_of_its_own_and_can_be_done_on_an_empty_site(app: Flask) -> None:
    assert len(CHORE) == len(CHORES)
    for chore in CHORES:
        chore.do()


def test_a_long_log_is_folded_and_a_short_one_is_left(app: Flask) -> None:
    fold = CHORE["fold the write-ahead log"].do
    with write():
        count_try("signup", "192.0.2.1", now())
    short = log_of(app)
    fold()
    assert (0 < short < SHORT_LOG, log_of(app)) == (True, short)
    with write():
        for number in range(3000):
            db.session.add(Tries(client=f"{number:032}", minute=number, count=1))
    assert log_of(app) > SHORT_LOG
    fold()
    assert log_of(app) == 0


def test_tries_of_more_than_an_hour_ago_are_forgotten(app: Flask) -> None:
    with write():
        count_try("signup", "192.0.2.1", now())
        db.session.add(Tries(client="long ago", minute=1, count=1))
    CHORE["forget old tries"].do()
    assert db.session.scalars(select(func.count()).select_from(Tries)).all() == [1]


def test_pictures_left_by_a_killed_import_are_cleared_away_after_a_day(app: Flask) -> None:
    media: Path = app.config["MEDIA"]
    old, new = media / ".incoming-old", media / ".incoming-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
        (folder / "a.jpg").write_bytes(b"a")
    before = (now() - timedelta(hours=25)).timestamp()
    os.utime(old, (before, before))
    CHORE["clear away left pictures"].do()
    assert list(media.iterdir()) == [new]


def test_learning_the_sizes_changes_no_row(app: Flask) -> None:
    tables = text(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    before = db.session.scalars(tables).all()
    CHORE["learn the tables' sizes"].do()
    assert db.session.scalars(tables).all() == before
