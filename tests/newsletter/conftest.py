"""A visitor, and a clock that stands still until it is moved."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from flask import Flask

from blog.lib import clock as system
from tests.newsletter.visiting import Visitor


class StoppedClock:
    """What the product takes for the time."""

    def __init__(self) -> None:
        self.at = datetime(2025, 6, 2, 10, 0, 30, tzinfo=UTC)

    def pass_by(self, **much: int) -> None:
        self.at += timedelta(**much)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StoppedClock:
    """Return the product's clock, standing still."""
    stopped = StoppedClock()
    monkeypatch.setattr(system, "datetime", SimpleNamespace(now=lambda _zone: stopped.at))
    return stopped


@pytest.fixture
def visitor(application: Flask) -> Visitor:
    """Return a visitor of the application as it runs."""
    return Visitor(application)
