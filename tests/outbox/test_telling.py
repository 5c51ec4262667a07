"""The team is told once what needs a person, by mail where it has an address, and again only after it was over."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.outbox.models import Delivery, Notice
from blog.outbox.telling import all_clear, tell_team
from blog.settings.declaring import choose

from .mailtalk import Server
from .sending import send_all, states

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def tell(sentence: str = "The printer is out of ink.", key: str = "ink") -> None:
    with write():
        tell_team(key, sentence)


def test_without_an_address_it_is_said_in_the_log_alone(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    tell()
    tell()
    assert caplog.messages == ["The printer is out of ink."]
    assert db.session.scalars(select(Delivery)).all() == []


def test_it_is_mailed_once_and_again_after_it_was_over(server: Server) -> None:
    with write():
        choose("mail.team", "team@example.org")
    with held_at(NOON):
        tell()
        tell()
        tell("No paper.", "paper")
        send_all()
        with write():
            all_clear("ink")
            all_clear("nothing known")
        tell()
        send_all()
    assert [taken.recipient for taken in server.taken] == ["team@example.org"] * 3
    said = [taken.message.get_body(("plain",)) for taken in server.taken]
    sentences = ("The printer is out of ink.", "No paper.", "The printer is out of ink.")
    assert [
        sentence in body.get_content() for sentence, body in zip(sentences, said, strict=True) if body
    ] == [True] * 3
    assert states() == [("notice", "sent")] * 3


def test_what_was_over_before_its_mail_went_out_is_not_mailed(server: Server) -> None:
    with write():
        choose("mail.team", "team@example.org")
    tell()
    with write():
        all_clear("ink")
    send_all()
    assert (states(), server.taken) == ([("notice", "suppressed")], [])
    [notice] = db.session.scalars(select(Notice)).all()
    assert notice.over_at is not None


def test_the_team_needs_an_address_that_is_one(app: Flask) -> None:
    with pytest.raises(Refused, match="is not an e-mail address"), write():
        choose("mail.team", "the team")
    with write():
        assert choose("mail.team", " ") == ""
