"""Every refusal, at every step, ends in what the table says, and the next message goes out all the same."""

import pytest

from blog.outbox.smtp import Later, Never, Outcome, Sent, Stop
from tests.outbox.mailscript import answer

from .sending import in_touch, send

OFFERS = [("PIPELINING",), ()]
ENVELOPE = ("MAIL", "RCPT", "DATA", "DOT")
WORDS = {"CONNECT": "the connection", "DOT": "the message"}


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize("place", ["CONNECT", "EHLO", *ENVELOPE])
def test_a_temporary_refusal_puts_off_this_message_alone(place: str, offers: tuple[str, ...]) -> None:
    with in_touch(offers=offers) as (server, conversation):
        server.script.at(place, answer("451 4.3.0 Not now"), times=1)
        connecting = place in ("CONNECT", "EHLO")
        expected = Later(f"451 4.3.0 Not now (to {WORDS.get(place, place)})", "4.3.0", everyone=connecting)
        assert send(conversation) == expected
        assert isinstance(send(conversation, "ben@example.org"), Sent)
        assert [taken.recipient for taken in server.taken] == ["ben@example.org"]
        assert server.connections == (2 if connecting else 1)


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize("place", ["CONNECT", "EHLO", *ENVELOPE])
def test_a_refusal_of_us_stops_whenever_it_comes(place: str, offers: tuple[str, ...]) -> None:
    with in_touch(offers=offers) as (server, conversation):
        server.script.at(place, answer("550 5.7.1 Blocked for spam"), times=1)
        expected = f"550 5.7.1 Blocked for spam (to {WORDS.get(place, place)})"
        assert send(conversation) == Stop(expected, "5.7.1")
        assert isinstance(send(conversation, "ben@example.org"), Sent)
        assert [taken.recipient for taken in server.taken] == ["ben@example.org"]


@pytest.mark.parametrize("offers", OFFERS)
@pytest.mark.parametrize("place", ["RCPT", "DOT"])
def test_one_dead_address_among_others_fails_alone(place: str, offers: tuple[str, ...]) -> None:
    with in_touch(offers=offers) as (server, conversation):
        server.script.at(place, answer("550 5.1.1 <ben@example.org>: no such user"), to="ben@example.org")
        found = [send(conversation, f"{name}@example.org") for name in ("ann", "ben", "cy", "ben", "dee")]
        dead = Never(f"550 5.1.1 [address] no such user (to {WORDS.get(place, place)})", "5.1.1", hard=True)
        assert [dead if isinstance(outcome, Never) else type(outcome) for outcome in found] == [
            *(Sent, dead, Sent, dead, Sent)
        ]
        assert [taken.recipient for taken in server.taken] == [
            "ann@example.org",
            "cy@example.org",
            "dee@example.org",
        ]
        assert server.connections == 1


def test_any_number_of_dead_addresses_stops_nobody() -> None:
    with in_touch() as (server, conversation):
        server.script.at("RCPT", answer("550 5.1.1 No such user"))
        assert {type(send(conversation)) for _ in range(10)} == {Never}


def test_refusals_of_three_in_a_row_that_name_no_dead_address_are_taken_for_a_refusal_of_us() -> None:
    with in_touch() as (server, conversation):
        server.script.at("RCPT", answer("550 5.7.1 Policy"), times=3)
        found: list[Outcome] = [send(conversation) for _ in range(4)]
        assert [type(outcome) for outcome in found] == [Never, Never, Stop, Sent]
        assert found[2] == Stop("3 messages in a row were refused: 550 5.7.1 Policy (to RCPT)", "5.7.1")


def test_one_recipient_who_refuses_us_for_ever_stops_nobody() -> None:
    with in_touch() as (server, conversation):
        server.script.at("RCPT", answer("550 5.7.1 Policy"), to="ben@example.org")
        found = [send(conversation, f"{name}@example.org") for name in ("ann", "ben") * 5]
        assert [type(outcome) for outcome in found] == [Sent, Never] * 5


def test_a_server_that_waits_for_a_body_without_recipient_is_left() -> None:
    with in_touch(offers=("PIPELINING",)) as (server, conversation):
        # It refuses the recipient and takes DATA all the same, as RFC 2920 allows.
        server.script.at("RCPT", answer("450 4.2.1 Not now\r\n354 Go ahead"), times=1)
        assert isinstance(send(conversation), Later)
        assert isinstance(send(conversation, "ben@example.org"), Sent)
        assert server.connections == 2
        assert [taken.recipient for taken in server.taken] == ["ben@example.org"]


def test_a_refused_message_is_reset_before_the_next() -> None:
    with in_touch() as (server, conversation):
        server.script.at("RCPT", answer("451 4.3.0 Not now"), times=1)
        send(conversation)
        server.script.at("RSET", answer("500 5.5.2 What?"), times=1)
        assert isinstance(send(conversation), Sent)
        assert server.connections == 2
        send(conversation)
        assert server.heard("RSET") == ["RSET"]


def test_a_third_of_all_answers_being_temporary_loses_nothing_and_doubles_nothing() -> None:
    with in_touch() as (server, conversation):
        server.script.temporary(30, seed=4)
        waiting = [f"reader{number}@example.org" for number in range(100)]
        rounds = 0
        while waiting:
            waiting = [reader for reader in waiting if not isinstance(send(conversation, reader), Sent)]
            rounds += 1
            assert rounds < 100
        found = sorted(taken.recipient for taken in server.taken)
        assert found == sorted(f"reader{number}@example.org" for number in range(100))
        assert rounds > 1
        assert server.connections == 1
