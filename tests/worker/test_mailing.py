"""Mail goes out as soon as the database changes, beside the chores; a step that fails holds up no other."""

import threading
import time
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.outbox.models import Notice
from blog.worker import mailing as module
from blog.worker.mailing import Rounds, mailing
from tests.outbox.mailscript import slow
from tests.outbox.mailserver import mail_server
from tests.outbox.sending import batch_to, kinds, note_to, send_through

SECONDS = 30


def test_a_message_is_on_its_way_as_soon_as_it_is_asked_for(app: Flask) -> None:
    with mail_server() as server, kinds():
        send_through(app, server)
        with mailing(app):
            note_to("ann@example.org")
            assert server.wait_for(1)[0].recipient == "ann@example.org"
            note_to("ben@example.org")
            assert server.wait_for(2)[1].recipient == "ben@example.org"
        assert server.heard("QUIT") == ["QUIT"]


def test_the_message_under_way_is_finished_and_no_other_begun(app: Flask) -> None:
    with mail_server() as server, kinds():
        send_through(app, server)
        fault = server.script.at("DOT", slow(0.3))
        batch_to(*range(20))
        with mailing(app):
            assert fault.fired.wait(SECONDS)
    assert len(server.taken) == 1
    db.session.rollback()
    assert [
        str(state) for state in db.session.scalars(db.text("SELECT state FROM delivery ORDER BY id"))
    ] == [
        "sent",
        *["queued"] * 19,
    ]


def test_every_change_wakes_the_steps_and_nothing_else_does(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds: list[float] = []
    came = threading.Semaphore(0)

    def step() -> None:
        rounds.append(time.monotonic())
        came.release()

    monkeypatch.setattr(module, "MAIL_STEPS", (step,))
    with mailing(app):
        assert came.acquire(timeout=SECONDS)
        while came.acquire(timeout=1.0):
            pass  # what the start of the worker itself changes
        before = len(rounds)
        with write() as session:
            session.add(Notice(key="a change", number=1, sentence="", since=now()))
        assert came.acquire(timeout=SECONDS)
        assert len(rounds) == before + 1


def test_a_step_is_called_again_when_it_said(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    came = threading.Semaphore(0)

    def step() -> datetime:
        came.release()
        return now() + timedelta(seconds=0.01)

    monkeypatch.setattr(module, "MAIL_STEPS", (step,))
    with mailing(app):
        assert all(came.acquire(timeout=SECONDS) for _ in range(5))


def test_a_step_that_fails_rests_while_the_others_go_on_and_the_team_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.0)
    fails = [True]
    done: list[str] = []

    def answer_nobody() -> None:
        if fails[0]:
            raise Refused("No ink.")

    def go_on() -> None:
        done.append("went on")

    rounds = Rounds([answer_nobody, go_on])
    for _ in range(6):
        rounds.go_round()
    assert done == ["went on"] * 6
    assert caplog.messages.count("The step “answer nobody” of the worker failed: No ink.") == 1
    told = select(Notice.sentence).where(Notice.over_at.is_(None))
    assert db.session.scalars(told).all() == ["The step “answer nobody” of the worker failed: No ink."]
    fails[0] = False
    rounds.go_round()
    assert db.session.scalars(told).all() == []


def test_a_failure_is_tried_again_later_each_time(app: Flask) -> None:
    def fail() -> None:
        raise ZeroDivisionError("by zero\nand more")

    rounds = Rounds([fail])
    pauses = []
    for _ in range(8):
        pauses.append(round(rounds.go_round()))
        rounds._watched[0].wait_until = 0.0
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]
