"""What a server refuses, or leaves open, decides what becomes of each row of the ledger."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.outbox import running
from blog.outbox.models import Batch, Mailroom, State
from blog.outbox.settling import counts, resume_batch

from .mailscript import answer, drop
from .mailserver import mail_server
from .mailtalk import Server
from .sending import (
    address_of,
    batch_to,
    is_done,
    make_all_due,
    note_to,
    row,
    send_all,
    send_through,
    states,
)


def test_a_server_that_closes_after_ten_messages_is_asked_again(server: Server) -> None:
    server.script.close_every(10)
    batch = batch_to(*range(25))
    send_all()
    assert (len(server.taken), server.connections, counts(batch)) == (25, 3, {State.SENT: 25})


def test_who_is_refused_for_good_fails_alone(server: Server) -> None:
    server.script.at("RCPT", answer("550 5.1.1 No such user"), to=address_of(1))
    batch = batch_to(0, 1, 2)
    send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.FAILED: 1}, True)
    assert "No such user" in row(2).answer


def test_an_answer_that_never_came_leaves_a_letter_in_doubt_and_it_is_not_sent_again(server: Server) -> None:
    server.script.at("DOT", drop(), to=address_of(1))
    batch = batch_to(0, 1, 2)
    for _ in range(3):
        send_all()
        make_all_due()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.IN_DOUBT: 1}, True)
    assert sorted(taken.recipient for taken in server.taken) == sorted(map(address_of, (0, 1, 2)))


def test_an_urgent_message_in_doubt_is_sent_again_under_its_own_name(server: Server) -> None:
    server.script.at("DOT", drop(), times=1)
    [note] = note_to("ann@example.org")
    send_all()
    assert (row(note).state, row(note).address) == (State.QUEUED, "ann@example.org")
    make_all_due()
    send_all()
    assert (row(note).state, row(note).address) == (State.SENT, "")
    assert len(server.taken) == 2
    assert {taken.message_id for taken in server.taken} == {row(note).message_id}


def test_a_refusal_of_everyone_pauses_the_batch_tells_once_and_suppresses_nobody(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.script.at("MAIL", answer("550 5.7.1 Blocked for spam"))
    batch = batch_to(*range(5))
    send_all()
    paused = db.session.get_one(Batch, batch, populate_existing=True)
    assert paused.paused_at is not None
    assert "Blocked for spam" in paused.paused_because
    assert counts(batch) == {State.QUEUED: 5}
    assert len(server.heard("MAIL")) == 1
    assert len([line for line in caplog.messages if "Sending stands still" in line]) == 1


def refuse(server: Server, recipients: Iterable[int]) -> None:
    """Refuse the letters to these, after their bodies, in words about everybody."""
    for recipient in recipients:
        server.script.at("DOT", answer("554 5.7.1 Our rules"), to=address_of(recipient))


def resumed(batch: int) -> None:
    with write() as session:
        resume_batch(session.get_one(Batch, batch))
    send_all()


def test_a_letter_that_is_refused_in_words_about_everybody_pauses_its_batch_once_and_then_fails_alone(
    server: Server,
) -> None:
    refuse(server, [2])
    batch = batch_to(*range(5))
    send_all()
    assert counts(batch) == {State.SENT: 2, State.QUEUED: 3}
    resumed(batch)
    assert counts(batch) == {State.SENT: 4, State.FAILED: 1}
    assert is_done(batch)


def test_the_last_letters_of_a_batch_are_refused_twice_and_then_fail(server: Server) -> None:
    refuse(server, [3, 4])
    batch = batch_to(*range(5))
    send_all()
    resumed(batch)
    assert counts(batch) == {State.SENT: 3, State.QUEUED: 2}
    resumed(batch)
    assert counts(batch) == {State.SENT: 3, State.FAILED: 2}
    assert is_done(batch)


def test_a_batch_of_which_nothing_was_taken_pauses_at_every_resume(server: Server) -> None:
    refuse(server, range(3))
    batch = batch_to(*range(3))
    send_all()
    for _ in range(5):
        resumed(batch)
    assert counts(batch) == {State.QUEUED: 3}


def test_urgent_mail_is_tried_again_by_itself_after_a_refusal_of_everyone(server: Server) -> None:
    server.script.at("MAIL", answer("550 5.7.1 Blocked for spam"), times=1)
    [note] = note_to("ann@example.org")
    send_all()
    assert row(note).state is State.QUEUED
    make_all_due()
    send_all()
    assert row(note).state is State.SENT


def test_a_server_that_refuses_us_pauses_what_runs_and_lets_go_when_it_takes_us_again(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.script.at("CONNECT", answer("554 5.7.1 No service for you"), times=3)
    batch, [note] = batch_to(1), note_to("ann@example.org")
    at = now()
    for minutes in (0, 1, 2):
        with held_at(at + timedelta(minutes=minutes)):
            send_all()
            room = db.session.scalars(select(Mailroom)).one()
            assert (room.stopped_at, "No service for you" in room.stopped_because) == (at, True)
    assert "No service for you" in db.session.get_one(Batch, batch).paused_because
    assert states() == [("letter", "queued"), ("note", "queued")]
    assert len([line for line in caplog.messages if "refuses all mail" in line]) == 1
    with held_at(at + timedelta(minutes=12)):
        send_all()
    assert (row(note).state, is_done(batch)) == (State.SENT, False)
    assert db.session.scalars(select(Mailroom.stopped_at)).one() is None
    with write() as session:
        resume_batch(session.get_one(Batch, batch))
    send_all()
    assert is_done(batch)


def test_a_batch_that_is_resumed_does_not_wait_until_the_server_is_tried_again(server: Server) -> None:
    server.script.at("CONNECT", answer("554 5.7.1 No service for you"), times=1)
    batch = batch_to(1)
    with held_at(now()):
        send_all()
        with write() as session:
            resume_batch(session.get_one(Batch, batch))
        send_all()
        assert counts(batch) == {State.SENT: 1}


def test_a_server_that_takes_leave_after_some_messages_is_asked_again(server: Server) -> None:
    server.script.close_every(4, says_goodbye=True)
    batch = batch_to(*range(10))
    send_all()
    assert (counts(batch), len(server.taken), server.connections) == ({State.SENT: 10}, 10, 3)


def test_a_server_that_is_away_costs_no_tries_and_is_left_alone_for_longer_each_time(
    app: Flask, server: Server
) -> None:
    with mail_server() as gone:
        send_through(app, gone)
    [note] = note_to("ann@example.org")
    at = now()
    pauses = []
    for _ in range(10):
        with held_at(at):
            again_at = running.deliver_due()
        assert again_at is not None
        pauses.append((again_at - at).total_seconds())
        at = again_at
    expected = [min(10 * 2**number, 600) for number in range(10)]
    assert all(0.8 <= pause / about <= 1.2 for pause, about in zip(pauses, expected, strict=True))
    assert (row(note).state, row(note).tries) == (State.QUEUED, 0)


def test_after_three_days_without_a_server_what_waited_has_failed(
    app: Flask, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    with mail_server() as gone:
        send_through(app, gone)
    at = now()
    batch, _ = batch_to(1, 2, at=at), note_to("ann@example.org", at=at)
    for hours in (0, 2, 71):
        with held_at(at + timedelta(hours=hours)):
            send_all()
    assert counts(batch) == {State.QUEUED: 2}
    assert len([line for line in caplog.messages if "has not got through" in line]) == 1
    with held_at(at + timedelta(hours=72)):
        later = note_to("ben@example.org")
        send_all()
    assert (counts(batch), is_done(batch)) == ({State.FAILED: 2}, True)
    assert row(later[0]).state is State.QUEUED


def test_what_is_refused_for_now_waits_longer_each_time_and_fails_after_three_days(server: Server) -> None:
    server.script.at("RCPT", answer("451 4.2.1 Later"))
    at = now()
    batch = batch_to(1, at=at)
    pauses = []
    while not is_done(batch):
        with held_at(at):
            send_all()
        pauses.append((row(1).next_try_at - at).total_seconds() / 60)
        at = row(1).next_try_at
    assert 0.8 <= pauses[0] <= 1.2
    assert 1.6 <= pauses[1] <= 2.4
    assert max(pauses) <= 6 * 60 * 1.2
    assert (row(1).state, row(1).tries, server.taken) == (State.FAILED, len(server.heard("RCPT")), [])
    assert timedelta(days=3) <= at - row(1).made_at <= timedelta(days=3, hours=8)
