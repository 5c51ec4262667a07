"""What the tests of the edition and the page store stand on."""

import pytest
from flask import Flask

from blog.lib.edition import announce_edition

from .store.sample import Sample


@pytest.fixture
def sample(application: Flask) -> Sample:
    """Return a site that a test may add pages to; outside any context, as a server asks it."""
    with application.app_context():
        announce_edition()
    made = Sample(application)
    made.page("/sample")
    made.page("/other")
    return made
