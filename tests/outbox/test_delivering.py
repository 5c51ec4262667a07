"""One message: whatever is wrong with it, the others go on, and who left gets none."""

from datetime import timedelta

import pytest
from flask import Flask, current_app

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.outbox import running
from blog.outbox.kinds import Letter
from blog.outbox.models import Batch, Delivery, State
from blog.outbox.settling import counts

from .mailscript import answer, call, drop
from .mailtalk import Server
from .sending import (
    address_of,
    batch_to,
    is_done,
    kinds,
    plain,
    row,
    send_all,
)


def test_a_message_that_cannot_be_written_fails_alone(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def poisoned(delivery: Delivery) -> Letter | None:
        if delivery.recipient_id == 1:
            raise ZeroDivisionError("division by ann@example.org")
        return plain(address_of(delivery.recipient_id or 0), "\udcff" if delivery.recipient_id == 2 else "Hi")

    with kinds(compose=poisoned):
        batch = batch_to(0, 1, 2, 3)
        send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.FAILED: 2}, True)
    assert row(2).answer == "ZeroDivisionError: division by [address]"
    assert row(3).answer != ""
    assert len(caplog.messages) == 2


def test_a_question_that_fails_at_the_last_moment_fails_its_message_alone(server: Server) -> None:
    asked: list[int] = []

    def fail_at_the_end(delivery: Delivery) -> bool:
        asked.append(delivery.recipient_id or 0)
        if delivery.recipient_id == 1 and asked.count(1) == 2:
            raise ZeroDivisionError("by zero")
        return True

    with kinds(may_still_send=fail_at_the_end):
        batch = batch_to(0, 1, 2)
        send_all()
    assert (counts(batch), row(2).answer) == ({State.SENT: 2, State.FAILED: 1}, "ZeroDivisionError: by zero")


def test_what_fails_after_a_message_was_sent_takes_nothing_back(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(delivery: Delivery) -> None:
        with db.session.no_autoflush:
            db.session.add(Batch(kind="half done"))  # has no moment: the database refuses it
            db.session.flush()

    with kinds(settled=fail):
        batch = batch_to(0, 1)
        send_all()
    assert (counts(batch), is_done(batch), len(server.taken)) == ({State.SENT: 2}, True, 2)
    assert [line.split(":")[0] for line in caplog.messages] == [
        "What follows from message 1 being sent failed",
        "What follows from message 2 being sent failed",
    ]


def test_a_kind_that_nobody_writes_fails_with_a_sentence(server: Server) -> None:
    batch = batch_to(1, kind="telegram")
    send_all()
    assert counts(batch) == {State.FAILED: 1}
    assert row(1).answer == "Nothing in this version writes mail of the kind “telegram”."


def test_who_must_not_get_it_any_more_is_suppressed_before_a_word_is_said(server: Server) -> None:
    with kinds(may_still_send=lambda delivery: delivery.recipient_id != 1):
        batch = batch_to(0, 1, 2)
        send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.SUPPRESSED: 1}, True)
    assert (len(server.taken), len(server.heard("RCPT")), server.connections) == (2, 2, 1)


def test_who_leaves_while_the_message_is_on_its_way_gets_none(server: Server) -> None:
    left: list[int] = []
    server.script.at("DATA", call(lambda: left.append(1)), to=address_of(1))
    with kinds(may_still_send=lambda delivery: delivery.recipient_id not in left):
        batch = batch_to(0, 1, 2)
        send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.SUPPRESSED: 1}, True)
    assert sorted(taken.recipient for taken in server.taken) == [address_of(0), address_of(2)]


def test_what_has_nothing_to_say_any_more_is_not_sent(server: Server) -> None:
    with kinds(compose=lambda delivery: None):
        batch = batch_to(1)
        send_all()
    assert (counts(batch), server.taken) == ({State.SUPPRESSED: 1}, [])


def test_a_batch_that_is_paused_in_the_middle_stands_still_at_once(server: Server) -> None:
    def pause() -> None:
        with app.app_context(), write() as session:
            session.get_one(Batch, batch).paused_at = now()

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy is typed as what it stands for
    server.script.at("DATA", call(pause), to=address_of(1))
    batch = batch_to(0, 1, 2, 3)
    send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 1, State.QUEUED: 3}, False)
    assert [row(number).tries for number in (1, 2, 3, 4)] == [1, 0, 0, 0]


def test_whoever_composes_is_told_what_became_of_it(server: Server) -> None:
    told: list[tuple[int | None, State]] = []
    server.script.at("RCPT", answer("550 5.1.1 No such user"), to=address_of(1))
    server.script.at("DOT", drop(), to=address_of(2))
    with kinds(settled=lambda delivery: told.append((delivery.recipient_id, delivery.state))):
        batch_to(0, 1, 2)
        send_all()
    assert told == [(0, State.SENT), (1, State.FAILED), (2, State.IN_DOUBT)]


def test_nothing_is_sent_and_nothing_in_doubt_while_the_file_of_the_fence_cannot_be_written(
    app: Flask, server: Server
) -> None:
    database = app.config["BROADSHEET_DATABASE"]
    file, aside = database.with_name(f"{database.name}-instance"), database.with_name("aside")
    asked: list[int] = []

    def lose_the_file(delivery: Delivery) -> bool:
        asked.append(delivery.id)
        if len(asked) == 2:  # inside the transaction that says "delivering"
            file.rename(aside)
            file.mkdir()
        return True

    at = now()
    with kinds(may_still_send=lose_the_file), held_at(at):
        batch = batch_to(0, 1)
        running.deliver_due()
        assert (server.taken, counts(batch)) == ([], {State.QUEUED: 2})
        assert row(1).answer == "The file of the fence cannot be written: Is a directory."
    file.rmdir()
    aside.rename(file)
    with kinds(), held_at(at + timedelta(minutes=5)):
        send_all()
        assert counts(batch) == {State.SENT: 2}
