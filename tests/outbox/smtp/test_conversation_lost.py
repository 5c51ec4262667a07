"""A connection that breaks, drips, is silent or speaks nonsense: later before the final dot, in doubt after it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.outbox.smtp import InDoubt, Later, Sent
from blog.outbox.smtp.conversation import Conversation
from tests.outbox.mailline import Line
from tests.outbox.mailscript import Action, answer, drip, drop, garbage, silence, slow
from tests.outbox.mailtalk import Server

from .sending import MESSAGE, in_touch, send, talking_to, to

SHORT, LONG = 0.6, 20.0
"""Seconds until we give up: short only where the server never answers."""
GONE = "The mail server closed the connection."
LATE = "The connection broke: the time for it was over."
NONSENSE = "The mail server answered with something that is no answer."
TOO_LONG = "The mail server answered with a line that is too long."
BEFORE = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA")
BAD: list[tuple[Action, str, float]] = [
    (drop(), GONE, LONG),
    (silence(), LATE, SHORT),
    (drip(0.1, "250 2.0.0 A very long answer"), LATE, SHORT),
    (garbage(b"HTTP/1.1 400 Bad Request\r\n"), NONSENSE, LONG),
    (garbage(b"250-one\r\n550 two\r\n"), NONSENSE, LONG),
    (garbage(b"250 \xff\xfe" + b"x" * 3_000 + b"\r\n"), TOO_LONG, LONG),
    (garbage(b"2" * 10_000), TOO_LONG, LONG),
    (garbage(b"250-more\r\n" * 200), NONSENSE, LONG),
]


def the_next_arrives(server: Server, conversation: Conversation, seconds: float) -> bool:
    """Send another message, with a patient client where this one gives up early; tell whether it was taken."""
    patient = conversation if seconds == LONG else talking_to(server)
    found = send(patient, "ben@example.org")
    patient.close()
    return isinstance(found, Sent)


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
@pytest.mark.parametrize(("bad", "reason", "seconds"), BAD)
@pytest.mark.parametrize("place", BEFORE)
def test_before_the_final_dot_it_means_later(
    place: str, bad: Action, reason: str, seconds: float, offers: tuple[str, ...]
) -> None:
    with in_touch(seconds=seconds, offers=offers) as (server, conversation):
        server.script.at(place, bad)
        assert send(conversation) == Later(reason, everyone=place in ("CONNECT", "EHLO"))
        server.script.clear()
        assert the_next_arrives(server, conversation, seconds)
        assert [taken.recipient for taken in server.taken] == ["ben@example.org"]


@pytest.mark.parametrize(("bad", "reason", "seconds"), BAD)
def test_after_the_final_dot_it_means_in_doubt(bad: Action, reason: str, seconds: float) -> None:
    with in_touch(seconds=seconds) as (server, conversation):
        server.script.at("DOT", bad, times=1)
        assert send(conversation) == InDoubt(reason)
        assert the_next_arrives(server, conversation, seconds)
        assert [taken.recipient for taken in server.taken] == ["ann@example.org", "ben@example.org"]
        assert server.connections == 2


def test_a_connection_that_is_reset_after_the_final_dot_leaves_it_in_doubt() -> None:
    with in_touch() as (server, conversation):
        server.script.at("DOT", drop(reset=True, takes=False), times=1)
        assert send(conversation) == InDoubt("The connection broke: Connection reset by peer.")
        assert server.taken == []


@pytest.mark.parametrize("reset", [False, True])
def test_a_connection_that_breaks_before_the_final_dot_is_no_doubt(*, reset: bool) -> None:
    with in_touch() as (server, conversation):
        fault = server.script.at("BODY", drop(reset=reset), times=1)
        assert conversation.offer(to("ann@example.org"), MESSAGE) is None
        assert fault.fired.wait(20)
        assert server.wait_until_closed(1)
        assert isinstance(conversation.finish(), Later)
        assert isinstance(send(conversation), Sent)
        assert len(server.taken) == 1


def test_a_server_that_gives_up_before_the_final_dot_gets_none() -> None:
    with in_touch() as (server, conversation):
        server.script.at("BODY", answer("421 4.4.2 Timeout"), times=1)
        assert conversation.offer(to("ann@example.org"), MESSAGE) is None
        assert server.wait_until_closed(1)
        assert conversation.finish() == Later("421 4.4.2 Timeout (before the message had ended)", "421")
        assert server.taken == []


@pytest.mark.parametrize("goodbye", [False, True])
@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
def test_a_server_that_closes_after_ten_messages_is_asked_again(
    offers: tuple[str, ...], *, goodbye: bool
) -> None:
    with in_touch(offers=offers) as (server, conversation):
        server.script.close_every(10, says_goodbye=goodbye)
        assert {type(send(conversation, f"reader{number}@example.org")) for number in range(35)} == {Sent}
        assert [taken.recipient for taken in server.taken] == [f"reader{n}@example.org" for n in range(35)]
        assert server.connections == 4


@pytest.mark.parametrize("place", ["CONNECT", "EHLO", "MAIL", "RCPT", "DATA"])
def test_a_server_that_is_closing_for_good_is_asked_no_more_than_twice(place: str) -> None:
    with in_touch() as (server, conversation):
        send(conversation)
        server.script.at(place, answer("421 4.7.0 Closing"))
        server.script.close_every(1)
        conversation.close()
        server.script.close_every(0)
        found = send(conversation)
        assert isinstance(found, Later)
        assert found.reason.startswith("421 4.7.0 Closing")
        assert server.connections == 2


def test_a_server_that_closes_with_its_answer_to_the_final_dot_said_no() -> None:
    with in_touch() as (server, conversation):
        server.script.at("DOT", answer("421 4.3.0 Disk full"), times=1)
        assert send(conversation) == Later("421 4.3.0 Disk full (to the message)", "4.3.0")
        assert isinstance(send(conversation), Sent)
        assert (len(server.taken), server.connections) == (1, 2)


def test_a_server_that_takes_its_time_is_waited_for() -> None:
    with in_touch() as (server, conversation):
        for place in ("CONNECT", "MAIL", "DATA", "DOT"):
            server.script.at(place, slow(0.1))
        assert isinstance(send(conversation), Sent)


def _take_and_sleep(line: Line) -> None:
    line.say("354 Go ahead")
    line.read_nothing()


def test_a_server_that_reads_nothing_does_not_hold_us() -> None:
    with in_touch(seconds=SHORT, offers=()) as (server, conversation):
        server.script.at("DATA", Action(_take_and_sleep, takes=False))
        assert send(conversation, message=b"Subject: x\r\n\r\n" + b"x" * 70 * 1_000_000) == Later(LATE)


@given(st.sampled_from([*BEFORE, "DOT"]), st.binary(max_size=60), st.booleans())
@settings(max_examples=60, deadline=None)
def test_whatever_comes_back_is_sorted_and_never_raises(place: str, data: bytes, ends: bool) -> None:
    with in_touch(seconds=0.05) as (server, conversation):
        server.script.at(place, garbage(data + b"\r\n" * ends, takes=False), times=1)
        found = send(conversation)
        assert not isinstance(found, Sent) or server.taken or data[:1] == b"2"
        conversation.abandon()
