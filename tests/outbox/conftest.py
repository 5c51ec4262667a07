"""A mail server for tests of the ledger, and an application whose mail goes there."""

from collections.abc import Iterator

import pytest
from flask import Flask

from blog.lib.db import write
from blog.outbox import running
from blog.outbox.fencing import check_fence

from .mailserver import mail_server
from .mailtalk import Server
from .sending import kinds, send_through


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    """Return a mail server of which nothing is known yet."""
    with write():
        check_fence()  # as setting up the site does
    with mail_server() as made, kinds():
        send_through(app, made)
        yield made
        running.hang_up()
