"""Every answer of a mail server is one of five things, by when it came and what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.outbox.smtp.outcomes import InDoubt, Later, Never, Outcome, Sent, Stop
from blog.outbox.smtp.sorting import Phase, after_the_dot, refusal
from blog.outbox.smtp.wire import Reply
from blog.outbox.verdicts import Verdict, verdict_on_answer

BEFORE = [phase for phase in Phase if phase is not Phase.DOT]


def sorted_as(phase: Phase, said: str, recipient: str = "") -> Outcome | None:
    reply = Reply(int(said[:3]), (said[4:],))
    return after_the_dot(reply, recipient) if phase is Phase.DOT else refusal(phase, reply, recipient)


def test_the_expected_answer_lets_the_next_step_follow() -> None:
    more = {Phase.USER, Phase.DATA}
    assert [sorted_as(phase, "354 Go" if phase in more else "250 Ok") for phase in BEFORE] == [None] * len(
        BEFORE
    )
    assert sorted_as(Phase.RCPT, "251 User not local; will forward") is None


def test_what_the_server_took_is_sent() -> None:
    found = sorted_as(Phase.DOT, "250 2.0.0 Ok: queued as 7F1")
    assert found == Sent("250 2.0.0 Ok: queued as 7F1 (to the message)", "2.0.0")


@pytest.mark.parametrize("phase", Phase)
def test_a_temporary_answer_means_later_whenever_it_comes(phase: Phase) -> None:
    connecting = phase in (Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.USER, Phase.AUTH)
    expected = Later(f"451 4.7.1 Greylisted (to {phase.value})", "4.7.1", everyone=connecting)
    assert sorted_as(phase, "451 4.7.1 Greylisted") == expected


def test_a_server_that_asks_for_more_after_the_end_leaves_it_in_doubt() -> None:
    assert sorted_as(Phase.DOT, "354 Go on") == InDoubt("354 Go on (to the message)", "354")


@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.RSET, Phase.MAIL])
def test_an_answer_that_asks_for_more_in_the_wrong_place_means_later(phase: Phase) -> None:
    assert isinstance(sorted_as(phase, "354 Go on"), Later)


@pytest.mark.parametrize(
    "said",
    [
        "550 5.1.1 The email account that you tried to reach does not exist",
        "550 5.1.2 Bad destination system address",
        "501 5.1.3 Bad recipient address syntax",
        "551 5.1.6 Mailbox has moved",
        "556 5.1.10 Recipient domain has a null MX",
        "550 5.2.1 Mailbox disabled for this recipient",
        "550 No such user here",
        "550 Unknown local user",
        "553 mailbox does not exist",
        "550 User ann not found",
        "554 delivery error: This user doesn't have an account here",
        "550 5.5.0 Requested action not taken: mailbox not found",
        "550 5.4.1 Recipient address rejected: no such recipient",
        "550 Requested action not taken: mailbox unavailable",
        "550 5.1.1 Recipient address rejected: User unknown in relay recipient table",
        "550 Recipient address rejected: User unknown in relay recipient table",
    ],
)
@pytest.mark.parametrize("phase", [Phase.RCPT, Phase.DOT])
def test_a_dead_address_gets_nothing_ever_again(phase: Phase, said: str) -> None:
    found = sorted_as(phase, said)
    assert isinstance(found, Never)
    assert found.hard


@pytest.mark.parametrize(
    "said",
    [
        "550 5.4.4 Unable to route",
        "550 5.3.2 System not accepting network messages",
        "550 5.0.0 Denied",
        "550 5.7.1 Recipient refuses this kind of message",
        "501 Syntax error in parameters",
    ],
)
def test_what_may_be_one_recipients_own_ends_this_message_and_suppresses_nobody(said: str) -> None:
    assert sorted_as(Phase.RCPT, said) == Never(f"{said} (to RCPT)", _code(said), hard=False)


def test_a_filter_that_speaks_of_a_dead_address_buries_nobody() -> None:
    said = "550 5.1.1 Listed as a source of spam"
    assert sorted_as(Phase.RCPT, said) == Never(f"{said} (to RCPT)", "5.1.1", hard=False)


def _code(said: str) -> str:
    second = said.split()[1]
    return second if second[0].isdecimal() else said[:3]


@pytest.mark.parametrize(
    "said",
    [
        "530 5.7.0 Authentication required",
        "530 Must issue a STARTTLS command first",
        "535 5.7.8 Bad credentials",
        "538 Encryption required for requested authentication mechanism",
        "550 5.7.1 Relaying denied",
        "554 5.7.1 Service unavailable; client host blocked using a block list",
        "550 Your address is blacklisted",
        "550 5.7.26 Unauthenticated mail is not accepted",
        "550 5.7.23 SPF validation failed",
        "550 5.1.8 Bad sender's system address",
        "550 5.1.0 Sender address rejected: domain not found",
        "550 5.7.1 Message rejected as spam",
        "550 You have exceeded your daily quota: daily sending limit",
        "503 5.5.1 Authenticate first",
    ],
)
@pytest.mark.parametrize("phase", Phase)
def test_a_refusal_of_us_stops_everything_whenever_it_comes(phase: Phase, said: str) -> None:
    assert isinstance(sorted_as(phase, said), Stop)


@pytest.mark.parametrize("phase", [Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.AUTH, Phase.MAIL])
def test_before_a_recipient_is_named_every_refusal_is_of_us(phase: Phase) -> None:
    assert sorted_as(phase, "550 5.0.0 No") == Stop(f"550 5.0.0 No (to {phase.value})", "5.0.0")


@pytest.mark.parametrize("said", ["550 5.7.1 Our rules", "554 5.7.0 No", "552 Too much", "552 5.3.4 Too big"])
@pytest.mark.parametrize("phase", [Phase.DATA, Phase.DOT])
def test_a_policy_against_what_everybody_gets_stops_everything(phase: Phase, said: str) -> None:
    assert isinstance(sorted_as(phase, said), Stop)


@pytest.mark.parametrize("said", ["554 Transaction failed", "550 5.6.0 Malformed", "554 5.0.0 No"])
def test_a_refusal_of_the_message_for_no_stated_policy_fails_it_alone(said: str) -> None:
    found = sorted_as(Phase.DOT, said)
    assert isinstance(found, Never)
    assert not found.hard


@pytest.mark.parametrize(
    "said", ["552 5.2.2 Mailbox full", "550 5.2.2 Over quota", "552 Exceeded storage allocation"]
)
def test_a_full_mailbox_is_tried_again(said: str) -> None:
    assert isinstance(sorted_as(Phase.RCPT, said), Later)


@pytest.mark.parametrize("said", ["500 What?", "502 Not implemented", "503 Bad sequence of commands"])
def test_a_talk_that_went_astray_is_tried_again(said: str) -> None:
    assert isinstance(sorted_as(Phase.RCPT, said), Later)


def test_words_in_an_address_are_no_words_of_the_server() -> None:
    found = sorted_as(Phase.RCPT, "550 <spam@example.org>: recipient refused", "spam@example.org")
    assert found == Never("550 [address] recipient refused (to RCPT)", "550", hard=False)


def test_an_enhanced_code_of_another_class_is_not_believed() -> None:
    assert sorted_as(Phase.RCPT, "450 5.1.1 Odd") == Later("450 5.1.1 Odd (to RCPT)", "450")


@given(st.sampled_from(Phase), st.integers(100, 599), st.lists(st.text(max_size=80), min_size=1, max_size=3))
@settings(max_examples=200)
def test_whatever_is_said_is_sorted_and_only_what_was_taken_counts_as_sent(
    phase: Phase, code: int, lines: list[str]
) -> None:
    reply = Reply(code, tuple(lines))
    found = after_the_dot(reply) if phase is Phase.DOT else refusal(phase, reply)
    assert isinstance(found, Sent) == (phase is Phase.DOT and 200 <= code < 300)
    assert isinstance(found, InDoubt) == (phase is Phase.DOT and (code < 200 or 300 <= code < 400))
    if 400 <= code < 500:
        assert isinstance(found, Later)
    if found is not None:
        assert len(found.reason) <= 300
        assert found.reason.isprintable()
        assert "@" not in found.reason


_WORDS = ["no such user", "mailbox unavailable", "unknown", "full", "spam", "sender", "5.1.1", "5.5.0"]


@given(
    st.sampled_from([Phase.RCPT, Phase.DOT]),
    st.sampled_from([550, 552, 554]),
    st.lists(st.sampled_from(_WORDS), min_size=1, max_size=8),
)
@settings(max_examples=200)
def test_who_is_hard_here_is_whom_the_judge_of_returned_mail_calls_gone(
    phase: Phase, code: int, words: list[str]
) -> None:
    found = sorted_as(phase, f"{code} {' '.join(words)}")
    if isinstance(found, Never):
        assert found.hard == (verdict_on_answer(found.reason) is Verdict.HARD)
