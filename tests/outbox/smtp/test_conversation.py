"""Messages arrive as they were handed over, many on one connection, and none before its final dot."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.outbox.smtp import Later, Never, Sent, Stop
from tests.outbox.mailscript import answer

from .sending import MESSAGE, in_touch, send, to


def test_a_message_arrives_with_its_envelope() -> None:
    with in_touch() as (server, conversation):
        assert send(conversation) == Sent("250 2.0.0 Ok: queued as 1 (to the message)", "2.0.0")
        [taken] = server.taken
        assert (taken.sender, taken.recipients) == ("letters@journal.example.org", ("ann@example.org",))
        assert taken.data == MESSAGE


def test_until_the_final_dot_nothing_was_taken() -> None:
    with in_touch() as (server, conversation):
        assert conversation.offer(to("ann@example.org"), MESSAGE) is None
        assert server.heard("DATA") == ["DATA"]
        assert server.taken == []
        conversation.finish()
        assert len(server.taken) == 1


def test_what_is_abandoned_never_arrives_and_the_next_one_does() -> None:
    with in_touch() as (server, conversation):
        assert conversation.offer(to("ann@example.org"), MESSAGE) is None
        conversation.abandon()
        assert isinstance(send(conversation, "ben@example.org"), Sent)
        assert [taken.recipient for taken in server.taken] == ["ben@example.org"]
        assert server.connections == 2


def test_what_is_offered_and_never_finished_never_arrives() -> None:
    with in_touch() as (server, conversation):
        assert conversation.offer(to("ann@example.org"), MESSAGE) is None
        assert conversation.offer(to("ben@example.org"), MESSAGE) is None
        conversation.close()
        send(conversation, "cy@example.org")
        assert [taken.recipient for taken in server.taken] == ["cy@example.org"]


def test_nothing_can_be_finished_that_was_not_offered() -> None:
    with in_touch() as (_, conversation):
        with pytest.raises(RuntimeError):
            conversation.finish()
        send(conversation)
        with pytest.raises(RuntimeError):
            conversation.finish()


@pytest.mark.parametrize("offers", [("PIPELINING",), ()])
def test_many_messages_go_over_one_connection(offers: tuple[str, ...]) -> None:
    with in_touch(offers=offers) as (server, conversation):
        for number in range(30):
            assert isinstance(send(conversation, f"reader{number}@example.org"), Sent)
        assert [taken.recipient for taken in server.taken] == [f"reader{n}@example.org" for n in range(30)]
        assert server.connections == 1
        conversation.close()
        assert server.commands[-1] == "QUIT"


@given(st.lists(st.sampled_from([b".", b"\r\n", b"\r", b"\n", b"QUIT", b"a"]), max_size=20).map(b"".join))
@settings(max_examples=50, deadline=None)
def test_every_body_arrives_byte_for_byte_whatever_its_lines_begin_with(body: bytes) -> None:
    message = b"Subject: x\r\n\r\n" + body
    lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    with in_touch() as (server, conversation):
        assert isinstance(send(conversation, message=message), Sent)
        assert server.taken[0].data == lines + (b"" if lines.endswith(b"\r\n") else b"\r\n")


def test_a_long_message_arrives_whole() -> None:
    message = b"Subject: x\r\n\r\n" + b".long line\r\n" * 100_000
    with in_touch(offers=("SIZE 2000000",)) as (server, conversation):
        assert isinstance(send(conversation, message=message), Sent)
        assert server.taken[0].data == message
        assert server.heard("MAIL") == [
            f"MAIL FROM:<letters@journal.example.org> SIZE={len(message) + 100_000}"
        ]


def test_a_server_that_takes_no_such_long_message_is_not_troubled_with_it() -> None:
    with in_touch(offers=("SIZE 20",)) as (server, conversation):
        assert send(conversation) == Stop("The mail server takes no message of more than 20 bytes.")
        assert server.heard("MAIL") == []


def test_an_international_domain_goes_out_in_ascii() -> None:
    with in_touch(offers=()) as (server, conversation):
        assert isinstance(send(conversation, "ann@münchen.example"), Sent)
        assert server.taken[0].recipient == "ann@xn--mnchen-3ya.example"


def test_an_international_name_needs_a_server_that_knows_such() -> None:
    with in_touch(offers=("SMTPUTF8", "8BITMIME")) as (server, conversation):
        assert isinstance(send(conversation, "ännchen@example.org", "Subject: ä\r\n\r\n".encode()), Sent)
        assert server.heard("MAIL") == ["MAIL FROM:<letters@journal.example.org> BODY=8BITMIME SMTPUTF8"]
        assert server.taken[0].recipient == "ännchen@example.org"
    with in_touch(offers=("8BITMIME",)) as (server, conversation):
        expected = Never("The mail server takes no address with letters outside ASCII.")
        assert [send(conversation, "ännchen@example.org") for _ in range(4)] == [expected] * 4
        assert server.heard("MAIL") == []
        assert isinstance(send(conversation), Sent)


def test_what_is_no_address_is_never_sent() -> None:
    with in_touch() as (server, conversation):
        found = send(conversation, "a@b.example>\r\nRCPT TO:<c@d.example")
        assert found == Never("An address of this message is not an e-mail address.", hard=True)
        sender = "a> SIZE=1\r\nRSET"
        refused = conversation.offer(to("ann@example.org", sender), MESSAGE)
        assert refused == Stop("The address of the sender is none that can be sent.")
        assert server.heard("RCPT") == []


def test_the_null_sender_can_be_used() -> None:
    with in_touch() as (server, conversation):
        assert conversation.offer(to("ann@example.org", ""), MESSAGE) is None
        assert isinstance(conversation.finish(), Sent)
        assert server.taken[0].sender == ""


def test_greeting_connects_once_and_sends_nothing() -> None:
    with in_touch() as (server, conversation):
        assert [conversation.greet(), conversation.greet()] == [None, None]
        assert (server.connections, server.commands) == (1, ["EHLO journal.example.org"])


def test_greeting_says_why_it_cannot() -> None:
    with in_touch() as (server, conversation):
        server.script.at("CONNECT", answer("554 5.7.1 No"), times=1)
        server.script.at("CONNECT", answer("450 4.3.2 Busy"), times=1, after=1)
        assert conversation.greet() == Stop("554 5.7.1 No (to the connection)", "5.7.1")
        assert conversation.greet() == Later("450 4.3.2 Busy (to the connection)", "4.3.2", everyone=True)
        assert conversation.greet() is None


def test_a_server_that_is_not_there_is_a_matter_of_everyone() -> None:
    with in_touch() as (server, conversation):
        pass
    expected = f"The mail server 127.0.0.1:{server.port} cannot be reached: Connection refused."
    assert send(conversation) == Later(expected, everyone=True)
    assert conversation.greet() == Later(expected, everyone=True)
