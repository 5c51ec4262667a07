"""A draft as a mail to oneself: to one address, as it is now, never to one that must be left alone."""

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.issues.testing import send_test
from blog.outbox.kinds import KINDS
from blog.outbox.models import Delivery
from blog.outbox.standing import hash_of
from blog.outbox.suppressing import suppress

from .issuing import NOON, drafted, issue_in_write


def ask(address: str) -> None:
    with write():
        send_test(issue_in_write(), address, at=NOON)


def test_one_urgent_mail_is_queued_and_the_issue_stays_a_draft(app: Flask) -> None:
    drafted()
    ask("Ann@example.org")
    row = db.session.query(Delivery).one()
    assert (row.kind, row.urgent, row.address, row.batch_id) == ("test", True, "Ann@example.org", None)
    letter = KINDS["test"].compose(row)
    assert letter is not None
    assert (letter.to, letter.subject, letter.one_click) == ("Ann@example.org", "[Test] Spring", "")
    assert KINDS["test"].may_still_send(row) is True
    with write():
        suppress(row.hash, "left", at=NOON)
    assert KINDS["test"].may_still_send(row) is False


def test_a_test_of_an_issue_that_was_removed_says_nothing(app: Flask) -> None:
    drafted()
    ask("ann@example.org")
    with write():
        db.session.delete(issue_in_write())
    assert KINDS["test"].compose(db.session.query(Delivery).one()) is None


def test_no_address_and_an_address_that_asked_to_be_left_alone_are_refused(app: Flask) -> None:
    drafted()
    with write():
        suppress(hash_of("ann@example.org"), "left", at=NOON)
    for address, said in (
        ("Ann@Example.org", "“Ann@Example.org” gets no mail from here: it left, bounced, or was erased."),
        ("nobody", "“nobody” is not an e-mail address."),
    ):
        with pytest.raises(Refused) as refused:
            ask(address)
        assert str(refused.value) == said
