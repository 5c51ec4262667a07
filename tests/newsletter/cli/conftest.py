"""Whoever runs commands."""

import pytest
from flask import Flask

from .commanding import Commander


@pytest.fixture
def run(application: Flask) -> Commander:
    """Return whoever runs commands on an empty site."""
    return Commander(application)
