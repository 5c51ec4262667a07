"""A migration changes what readers see like any other writer, even where it takes the triggers away."""

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy.exc import OperationalError

from blog.lib.migrating import upgrade_database
from tests.building import article, save
from tests.lib.test_migrating import HALF, REBUILD, migrations_with

from .sample import Sample

REWRITES = f"{REBUILD.strip()}\n    op.execute(\"UPDATE article SET title = 'Changed on the way'\")\n"
"""The copy of the table has no triggers, so nothing but the migration itself can tell of the change."""


@pytest.fixture
def read(sample: Sample) -> Sample:
    """Return a site whose article is kept."""
    with sample.app.app_context():
        save(article("Sleep"))
    assert [sample.ask("/articles/sleep").status for _ in range(2)] == [200, 200]
    return sample


def migrate(sample: Sample, folder: Path, change: str) -> None:
    with sample.app.app_context():
        sample.app.extensions["migrate"].migrate.directory = migrations_with(folder, change)
        upgrade_database()


def test_what_a_migration_changed_is_shown_at_once(read: Sample, tmp_path: Path) -> None:
    migrate(read, tmp_path, REWRITES)
    assert "Changed on the way" in read.ask("/articles/sleep").text


def test_an_upgrade_that_has_nothing_to_do_leaves_what_is_kept(read: Sample) -> None:
    word = read.announcer.word.read()
    with read.app.app_context():
        upgrade_database()
    assert read.announcer.word.read() == word


def test_a_migration_that_fails_leaves_what_is_true(read: Sample, tmp_path: Path) -> None:
    word = read.announcer.word.read()
    page = read.ask("/articles/sleep")
    with read.app.app_context(), pytest.raises(OperationalError):
        flask_migrate.upgrade(directory=migrations_with(tmp_path, HALF))
    assert [read.ask("/articles/sleep"), read.ask("/articles/sleep")] == [page, page]
    assert read.announcer.word.read() == word
