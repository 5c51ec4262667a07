"""What is due goes out over one connection, and every row of the ledger ends as the server's answers say."""

from collections.abc import Iterator

import pytest
from flask import Flask

from blog.lib.db import db
from blog.outbox import running
from blog.outbox.models import Batch, State
from blog.outbox.settling import counts

from .mailserver import mail_server
from .mailtalk import Server
from .sending import batch_to, kinds, note_to, send_all, send_through, states


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with mail_server() as made, kinds():
        send_through(app, made)
        yield made
        running.hang_up()


def test_without_anything_due_no_connection_is_opened(server: Server) -> None:
    assert running.deliver_due() is None
    assert server.connections == 0


def test_what_is_due_goes_out_over_one_connection(server: Server) -> None:
    batch = batch_to(*range(25))
    note_to("ann@example.org")
    send_all()
    assert server.taken[0].recipient == "ann@example.org"
    assert len(server.taken) == 26
    assert len({taken.message_id for taken in server.taken}) == 26
    assert server.connections == 1
    assert counts(batch) == {State.SENT: 25}
    assert db.session.get_one(Batch, batch).done_at is not None
    assert states()[-1] == ("note", "sent")
