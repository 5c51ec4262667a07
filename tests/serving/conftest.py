"""One served journal for all tests of what its readers get."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .live import Live, live_journal


@pytest.fixture(scope="package")
def live(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Live]:
    """Serve a journal; every test publishes what it needs beside what is there."""
    with live_journal(tmp_path_factory.mktemp("live"), empty_database) as journal:
        yield journal
