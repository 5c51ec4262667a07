"""What every test stands on: a migrated database of its own, the application, a client without cookies."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from blog.lib.db import db
from blog.lib.environment import Environment
from blog.site.cli import set_up

Start = Callable[[Environment], Flask]


def environment_in(folder: Path, site_url: str = "https://journal.example.org") -> Environment:
    """Return the settings of a process that keeps its data in this folder."""
    return Environment(
        instance=folder,
        site_url=site_url,
        secret_key="a-key-that-only-tests-have",
        database=folder / "blog.sqlite3",
        trusted_proxies=0,
    )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a database that was set up once, for tests to copy."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(environment_in(folder))
    with app.app_context():
        set_up()
        db.session.execute(db.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        db.session.remove()
        db.engine.dispose()
    return folder / "blog.sqlite3"


@pytest.fixture
def start() -> Iterator[Start]:
    """Return how to start an application whose database is closed when the test ends."""
    started: list[Flask] = []

    def begin(environment: Environment) -> Flask:
        started.append(create_app(environment))
        return started[-1]

    yield begin
    for application in started:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture
def application(tmp_path: Path, empty_database: Path, start: Start) -> Flask:
    """Return the application on an empty database of its own, outside any context."""
    folder = tmp_path / "instance"
    folder.mkdir()
    shutil.copy(empty_database, folder / "blog.sqlite3")
    return start(environment_in(folder))


@pytest.fixture
def app(application: Flask) -> Iterator[Flask]:
    """Return the application inside its context."""
    with application.app_context():
        yield application
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Return a reader without cookies, who asks the site by its own name."""
    app.test_client_class = Reader
    return app.test_client(use_cookies=False)


class Reader(FlaskClient):
    """A browser without cookies that asks the site by its own name."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Ask, by the site's own name unless another is given."""
        kwargs.setdefault("base_url", "https://journal.example.org")
        kwargs.setdefault("buffered", True)  # reads files to their end, and closes them
        return super().open(*args, **kwargs)
