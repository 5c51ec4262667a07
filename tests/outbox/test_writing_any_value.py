"""Whatever reaches a header, ten thousand values of it: the message has the headers it should, or it is refused."""

import random
from email.headerregistry import Address
from typing import Any

import pytest

from blog.lib.refusing import Refused
from blog.outbox.writing import write_message

from .strictly import Read
from .test_writing import AT, SENDER, issue, letter

VALUES = 10_000
SYSTEM = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress"),
    *("MIME-Version", "Content-Type"),
]
OF_LIST = Read(write_message(issue(), message_id="<1@a>", at=AT, sender=SENDER)).names

PIECES = [
    *("\r\n", "\n", "\r", "\0", "\t", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029", "\ud800", "\udc0a"),
    *("Bcc: x@example.org", "\r\nBcc: x@example.org", "\n X: y", "=?utf-8?q?a=0AX:_y?=", "=?utf-8?b?Cgo=?="),
    *(
        "=?",
        "?=",
        "=0A",
        "%0d%0a",
        "\\r\\n",
        "a",
        "b c",
        " ",
        "  ",
        "@",
        "@example.org",
        "dee@example.org",
        ".",
    ),
    *(
        ",",
        ";",
        ":",
        "<",
        ">",
        '"',
        "\\",
        "(",
        ")",
        "[",
        "]",
        "'",
        "=",
        "_",
        "-",
        "é",
        "ß",
        "睡",
        "😴",
        "\u202e",
    ),
    *(
        "\u200b",
        "\ufeff",
        "\ufffd",
        "a\u0301",
        "https://",
        "https://example.org/x",
        "x" * 80,
        "é" * 40,
        "睡" * 30,
    ),
]


def values(seed: int) -> list[str]:
    """Return values made of nasty pieces: one in four stands between plain words, as a person's typing does."""
    chance = random.Random(seed)
    made = ["".join(chance.choices(PIECES, k=chance.randint(0, 6))) for _ in range(VALUES)]
    return [f"One {value} two" if at % 4 == 0 else value for at, value in enumerate(made)]


def arrived(sent: Any, **fields: Any) -> Read | None:
    given: dict[str, Any] = {"message_id": "<1.abc@journal.example.org>", "at": AT, "sender": SENDER}
    try:
        return Read(write_message(sent, **given | fields))
    except Refused:
        return None


def expected_share(found: int) -> bool:
    """Tell whether enough of the values passed, and enough were refused, for the test to mean something."""
    return VALUES // 50 < found < VALUES


@pytest.mark.parametrize(("field", "header"), [("subject", "Subject"), ("list_name", "List-Id")])
def test_words(field: str, header: str) -> None:
    found = 0
    for value in values(1):
        read = arrived(issue(**{field: value or "x"}))
        if read is not None:
            found += 1
            assert read.names == OF_LIST
            shown = read[header].removesuffix(" <newsletter.journal.example.org>")
            assert shown in (value or "x", '"' + value.replace("\\", r"\\").replace('"', r"\"") + '"')
    assert expected_share(found)


def test_the_sender_s_name() -> None:
    found = 0
    for value in values(2):
        try:
            sender = Address(value, "letters", "example.org")
        except ValueError:  # the library refuses line breaks itself
            continue
        read = arrived(letter(), sender=sender)
        if read is not None:
            found += 1
            assert read.names == SYSTEM
    assert expected_share(found)


def test_recipients_and_answers() -> None:
    found = 0
    for value in values(3):
        for address in (value, f"{value}@example.org"):
            read = arrived(letter(to=address), replies=address)
            if read is not None:
                found += 1
                assert read.names == [*SYSTEM[:5], *(["Reply-To"] if address else []), *SYSTEM[5:]]
                assert read["To"].count("@") == 1
    assert expected_share(found)


def test_what_reports_are_counted_by() -> None:
    for value in values(4):
        read = arrived(issue(feedback=value))
        assert read is not None
        assert [name for name in read.names if name != "Feedback-ID"] == [
            name for name in OF_LIST if name != "Feedback-ID"
        ]


def test_the_way_of_leaving() -> None:
    found = 0
    for value in values(5):
        address = f"https://example.org/{value}"
        read = arrived(issue(one_click=address))
        if read is not None:
            found += 1
            assert (read.names, read["List-Unsubscribe"]) == (OF_LIST, f"<{address}>")
    assert expected_share(found)


def test_further_headers() -> None:
    found = 0
    for value in values(6):
        read = arrived(letter(headers=(("X-Note", value),)))
        if read is not None:
            found += 1
            assert read.names == [*SYSTEM[:-2], "X-Note", *SYSTEM[-2:]]
            assert read["X-Note"] == value
        assert arrived(letter(headers=((value, "x"),))) is None or value.isascii()
    assert expected_share(found)


def test_message_ids() -> None:
    assert [value for value in values(7) if arrived(letter(), message_id=f"<{value}@example.org>\r\n")] == []
