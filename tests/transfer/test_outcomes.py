"""What a person is told of an import fits on a screen and does nothing to it."""

import pytest

from blog.transfer.outcomes import Refusal, escaped, told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("articles/schlaf-睡眠.md", "articles/schlaf-睡眠.md"),
        ("\x1b[2Jgone.md", r"\x1b[2Jgone.md"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("\x9b31m\x7f", r"\x9b31m\x7f"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
    ],
)
def test_what_would_steer_a_terminal_is_shown_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown
    assert str(Refusal(text, 1, "It is bad.")) == f"{shown}:1: It is bad."


def test_of_one_file_twenty_refusals_are_told_and_how_many_more_there_are() -> None:
    many = [Refusal("b.md", line, "Bad.") for line in range(3000, 0, -1)]
    assert told([*many, Refusal("a.md", 7, "Bad.")]) == [
        "a.md:7: Bad.",
        *(f"b.md:{line}: Bad." for line in range(1, 21)),
        "b.md: and 2980 more.",
    ]
    assert told(many[-20:]) == [f"b.md:{line}: Bad." for line in range(1, 21)]
