"""What is due goes out over one connection, the urgent first, until somebody says stop."""

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.db import db
from blog.outbox import running
from blog.outbox.models import Delivery, State
from blog.outbox.overview import standing_of_mail
from blog.outbox.settling import counts

from .mailscript import answer, call
from .mailtalk import Server
from .sending import (
    address_of,
    batch_to,
    is_done,
    make_all_due,
    note_to,
    row,
    send_all,
    states,
)


def ids_of_all() -> list[str]:
    return list(db.session.scalars(select(Delivery.message_id).order_by(Delivery.id)))


def test_without_anything_due_no_connection_is_opened(server: Server) -> None:
    assert running.deliver_due() is None
    assert server.connections == 0


def test_what_is_due_goes_out_over_one_connection_the_urgent_first(server: Server) -> None:
    batch = batch_to(*range(25))
    note_to("ann@example.org")
    send_all()
    assert server.taken[0].recipient == "ann@example.org"
    assert [taken.recipient for taken in server.taken[1:]] == [address_of(number) for number in range(25)]
    assert server.connections == 1
    assert (counts(batch), is_done(batch), states()[-1]) == ({State.SENT: 25}, True, ("note", "sent"))
    assert sorted(taken.message_id for taken in server.taken) == sorted(ids_of_all())


def test_a_batch_is_done_with_its_last_delivery_and_not_before(server: Server) -> None:
    server.script.at("RCPT", answer("451 4.2.1 Later"), to=address_of(2), times=1)
    batch = batch_to(1, 2, 3)
    send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 2, State.QUEUED: 1}, False)
    make_all_due()
    send_all()
    assert (counts(batch), is_done(batch)) == ({State.SENT: 3}, True)


def test_every_message_arrives_once_although_three_in_ten_answers_say_later(server: Server) -> None:
    server.script.temporary(30, seed=5)
    batch = batch_to(*range(30))
    send_all()
    first_ids = {taken.message_id for taken in server.taken}
    for _ in range(60):
        make_all_due()
        send_all()
    assert sorted(taken.recipient for taken in server.taken) == sorted(map(address_of, range(30)))
    assert (counts(batch), is_done(batch)) == ({State.SENT: 30}, True)
    assert 0 < len(first_ids) < 30


def test_urgent_mail_comes_between_the_letters_of_a_running_issue(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "MOST_AT_ONCE", 5)
    server.script.at("DOT", call(lambda: None))
    batch_to(*range(40))
    running.deliver_due()
    note_to("ann@example.org")
    send_all()
    place = [taken.recipient for taken in server.taken].index("ann@example.org")
    assert (len(server.taken), place) == (41, 5)


def test_letters_are_not_starved_by_urgent_mail(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "MOST_AT_ONCE", 5)
    note_to(*(f"note-{number}@example.org" for number in range(40)))
    batch_to(1, 2)
    send_all()
    places = [taken.recipient for taken in server.taken]
    assert sorted(places.index(address_of(number)) for number in (1, 2)) == [4, 9]


def test_who_is_told_to_stop_stops_after_the_message_under_way(server: Server) -> None:
    batch = batch_to(*range(10))
    running.deliver_due(lambda: len(server.taken) >= 3)
    assert (len(server.taken), counts(batch)) == (3, {State.SENT: 3, State.QUEUED: 7})
    assert [row(number).tries for number in (1, 2, 3, 4, 5)] == [1, 1, 1, 0, 0]


def test_the_connection_is_closed_when_nothing_was_due_for_a_while(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_to("ann@example.org")
    send_all()
    assert server.heard("QUIT") == []
    monkeypatch.setattr(running, "IDLE_SECONDS", 0.0)
    assert running.deliver_due() is None
    assert server.heard("QUIT") == ["QUIT"]
    note_to("ben@example.org")
    send_all()
    assert server.connections == 2


def test_a_message_goes_into_a_folder_where_no_server_is_named(app: Flask, server: Server) -> None:
    app.extensions.pop("outbox.sending", None)
    app.config["MAIL"] = type(app.config["MAIL"])()
    [note] = note_to("ann@example.org")
    send_all()
    [file] = (app.config["INSTANCE"] / "mail").glob("*.eml")
    assert f"Message-ID: {row(note).message_id}".encode() in file.read_bytes()
    assert (row(note).state, server.connections) == (State.SENT, 0)


def test_a_site_that_does_not_know_its_own_address_keeps_its_mail(app: Flask, server: Server) -> None:
    assert standing_of_mail() == []
    note_to("ann@example.org")
    app.config["SITE_URL"] = ""
    assert running.deliver_due() is None
    assert (states(), server.connections) == ([("note", "queued")], 0)
    assert standing_of_mail() == [
        "Mail waits, since links in it need to know the site's address: set BLOG_SITE_URL."
    ]
