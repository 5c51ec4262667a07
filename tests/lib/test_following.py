"""What belongs to a commit happens just before it or just after it, once, and never when it was taken back."""

import logging
from typing import Any

import pytest
from flask import Flask

from blog.lib.db import by_itself, db, write
from blog.lib.following import after_commit, before_commit
from blog.settings.models import StoredSetting
from tests.lib.test_db import beside


def test_what_was_given_comes_together_before_and_after_the_commit(app: Flask) -> None:
    seen: list[tuple[str, list[Any], int]] = []

    def look(when: str, given: list[Any]) -> None:
        with beside(app) as other:
            rows = other.execute("SELECT count(*) FROM setting").fetchone()[0]
        seen.append((when, given, rows))

    def before(given: list[Any]) -> None:
        look("before", given)

    def after(given: list[Any]) -> None:
        look("after", given)

    with write() as session:
        after_commit(after, 1)
        before_commit(before, 2)
        before_commit(before, 3)
        after_commit(after, 4)
        session.add(StoredSetting(key="count", value="1"))
    with write():
        pass
    assert seen == [("before", [2, 3], 0), ("after", [1, 4], 1)]


def test_what_is_taken_back_is_followed_by_nothing(app: Flask) -> None:
    seen: list[list[Any]] = []

    def fail() -> None:
        with write():
            before_commit(seen.append, 1)
            after_commit(seen.append, 2)
            raise RuntimeError("the power goes")

    with pytest.raises(RuntimeError, match="the power goes"):
        fail()
    assert seen == []


def test_what_fails_before_the_commit_takes_everything_back(app: Flask) -> None:
    def full(_given: list[Any]) -> None:
        raise OSError("the disk is full")

    def attempt() -> None:
        with write() as session:
            session.add(StoredSetting(key="count", value="1"))
            before_commit(full, 1)

    with pytest.raises(OSError, match="the disk is full"):
        attempt()
    assert db.session.query(StoredSetting).count() == 0


def test_what_fails_after_the_commit_is_logged_and_harms_nothing_else(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[list[Any]] = []

    def fail(_given: list[Any]) -> None:
        raise OSError("the disk is full")

    with caplog.at_level(logging.ERROR), write() as session:
        session.add(StoredSetting(key="count", value="1"))
        after_commit(fail, 1)
        after_commit(seen.append, 2)
    assert seen == [[2]]
    assert [record.getMessage() for record in caplog.records] == ["What should follow a commit failed."]
    assert db.session.query(StoredSetting).count() == 1


def test_what_a_part_asked_for_is_forgotten_with_the_part(app: Flask) -> None:
    seen: list[list[Any]] = []

    def attempt() -> None:
        with by_itself():
            before_commit(seen.append, "in vain")
            after_commit(seen.append, "in vain")
            raise RuntimeError("this part fails")

    with write():
        before_commit(seen.append, "before")
        with pytest.raises(RuntimeError, match="this part fails"):
            attempt()
        after_commit(seen.append, "after")
    assert seen == [["before"], ["after"]]
