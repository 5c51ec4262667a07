"""What a server's no means for the address."""

import pytest

from blog.outbox.verdicts import Verdict, verdict_on, verdict_on_answer


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("550 5.1.1 No such user", Verdict.HARD),
        ("550 5.1.2 Bad destination system", Verdict.HARD),
        ("550 5.2.1 This account was closed", Verdict.HARD),
        ("556 5.1.10 The domain takes no mail", Verdict.HARD),
        ("550 No such user here", Verdict.HARD),
        ("550 Requested action not taken: mailbox unavailable", Verdict.HARD),
        ("554 5.0.0 Recipient unknown", Verdict.HARD),
        ("550 5.5.0 Requested action not taken: mailbox unavailable", Verdict.HARD),
        ("550 5.4.1 Recipient address rejected: no such recipient", Verdict.HARD),
        ("550 5.1.0 Address rejected", Verdict.SOFT),
        ("550 5.5.1 Bad sequence of commands", Verdict.POLICY),
        ("552 5.2.2 Mailbox full", Verdict.SOFT),
        ("552 Mailbox unavailable: quota exceeded", Verdict.SOFT),
        ("452 4.2.2 The mailbox is over quota", Verdict.SOFT),
        ("450 4.1.1 User unknown for now", Verdict.SOFT),
        ("554 5.4.4 Host not found", Verdict.SOFT),
        ("550 something else", Verdict.SOFT),
        ("550 5.1.8 Sender's domain not found", Verdict.POLICY),
        ("552 5.3.4 Message too large", Verdict.POLICY),
        ("554 5.6.0 Content not understood", Verdict.POLICY),
        ("550 5.7.1 Not authorised", Verdict.POLICY),
        ("550 5.7.26 Unauthenticated sender", Verdict.POLICY),
        ("550 5.1.1 Blocked using the Spamhaus list", Verdict.POLICY),
        ("550 Your IP 192.0.2.1 is temporarily blocked", Verdict.POLICY),
        ("421 4.7.0 Too many messages, try later", Verdict.POLICY),
        ("554 rejected due to DMARC", Verdict.POLICY),
    ],
)
def test_an_answer_means(answer: str, verdict: Verdict) -> None:
    assert verdict_on_answer(answer) == verdict


@pytest.mark.parametrize("words", ["", "The letter has no subject.", "250 2.0.0 Ok", "5500 5.1.1 x", "550x"])
def test_what_no_server_refused_means_nothing(words: str) -> None:
    assert verdict_on_answer(words) is None


@pytest.mark.parametrize("status", ["", "5", "5.1", "nonsense", "5.1.1.1"])
def test_a_code_that_is_none_leaves_it_to_the_words(status: str) -> None:
    assert verdict_on(status, "550 no such user") == Verdict.HARD
    assert verdict_on(status, "") == Verdict.SOFT
