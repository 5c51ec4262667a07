"""What a server said is kept short, printable and without an address."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.outbox.smtp.outcomes import tidy


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("550 5.1.1 <ann@example.org>: no such user", "550 5.1.1 [address] no such user"),
        ("550 no mailbox ann.example here", "550 no mailbox [address] here"),
        ("550 Ann.Example?", "550 [address]?"),
        ("see https://mail.example/?to=ann%40example.org", "see [address]"),
        ("one\r\n  two\x00\x1b[31m", "one two [31m"),
        ("a" * 400, "a" * 300),
    ],
)
def test_addresses_controls_and_length_are_taken_away(said: str, kept: str) -> None:
    assert tidy(said, "ann.example@example.org") == kept


def test_two_letters_before_the_at_are_no_name_to_hide() -> None:
    assert tidy("is no one in?", "is@example.org") == "is no one in?"


@given(st.text(max_size=600), st.text(max_size=20))
@settings(max_examples=200)
def test_no_text_comes_through_that_could_harm_a_log_or_name_somebody(said: str, local: str) -> None:
    kept = tidy(said, f"{local}@example.org")
    assert len(kept) <= 300
    assert kept.isprintable()
    assert "@" not in kept
