"""Messages arrive as they were meant, whoever reads them."""

import datetime as dt
import email
import time
from email import policy
from email.headerregistry import Address
from typing import Any

import pytest

from blog.lib.refusing import Refused
from blog.outbox.kinds import Letter
from blog.outbox.writing import LARGEST, write_message

from .strictly import Read

AT = dt.datetime(2026, 3, 2, 7, 0, tzinfo=dt.UTC)
SENDER = Address("The Sleep Journal", "letters", "journal.example.org")
LEAVE = "https://journal.example.org/newsletter/leave/" + "x" * 43
TEXT = "Dear Dee,\n\nGrüße aus Hamburg \n.\n..\nFrom here on = 100 %.\n"
HTML = "<!DOCTYPE html><p>Grüße aus Hamburg, " + "immer weiter " * 30 + "</p>\n"


def letter(**fields: Any) -> Letter:
    given: dict[str, Any] = {"to": "dee@example.org", "subject": "Spring", "text": TEXT, "html": HTML}
    return Letter(**given | fields)


def issue(**fields: Any) -> Letter:
    return letter(**{"one_click": LEAVE, "list_name": "The Sleep Journal", "feedback": "spring"} | fields)


def written(sent: Letter, sender: Address = SENDER, **fields: Any) -> bytes:
    given: dict[str, Any] = {
        "message_id": "<1.abc@journal.example.org>",
        "at": AT,
        "host": "journal.example.org",
    }
    return write_message(sent, sender=sender, **given | fields)


def test_an_issue_has_the_headers_of_a_list() -> None:
    assert Read(written(issue())).headers[:-1] == [
        ("From", "The Sleep Journal <letters@journal.example.org>"),
        ("To", "dee@example.org"),
        ("Subject", "Spring"),
        ("Date", "Mon, 02 Mar 2026 07:00:00 +0000"),
        ("Message-ID", "<1.abc@journal.example.org>"),
        ("List-Id", "The Sleep Journal <newsletter.journal.example.org>"),
        ("List-Unsubscribe", f"<{LEAVE}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Feedback-ID", "spring:journalexampleo"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
        ("MIME-Version", "1.0"),
    ]


def test_system_mail_says_that_a_program_wrote_it_and_has_no_headers_of_a_list() -> None:
    names = Read(written(letter())).names
    assert names[5:] == ["Auto-Submitted", "X-Auto-Response-Suppress", "MIME-Version", "Content-Type"]


def test_both_parts_arrive_as_they_were_written() -> None:
    read = Read(written(issue()))
    assert (read.text, read.html) == (TEXT, HTML)


def test_the_library_reads_the_same() -> None:
    subject = "Schlaf & Gedächtnis – “was eine Nacht tut”: 😴 " + "睡眠と記憶 " * 12 + "Ende"
    raw = written(issue(subject=subject), Address("Grüße, Ann", "letters", "journal.example.org"))
    read = email.message_from_bytes(raw, policy=policy.default)
    assert read["Subject"] == subject
    assert [address.display_name for address in read["From"].addresses] == ["Grüße, Ann"]
    assert [part.get_content_type() for part in read.iter_parts()] == ["text/plain", "text/html"]
    said = [part.get_content().replace("\r\n", "\n") for part in read.iter_parts()]
    assert (said, read.defects) == ([TEXT, HTML], [])


def test_every_byte_is_ascii_and_nothing_stands_bare() -> None:
    raw = written(issue(subject="Ümläute", list_name="Größe"))
    assert raw.isascii()
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", ""])
def test_whatever_ends_the_lines_crlf_ends_them_in_the_message(ending: str) -> None:
    assert Read(written(letter(text=f"One{ending}" + "ä" * 200))).text == (
        "One" + ("\n" if ending else "") + "ä" * 200 + "\n"
    )


def test_a_body_that_looks_like_the_end_of_a_part_stays_a_body() -> None:
    raw = written(letter())
    boundary = raw.split(b'boundary="')[1].split(b'"')[0].decode()
    assert Read(written(letter(text=f"--{boundary}--\n"))).text == f"--{boundary}--\n"


def test_the_same_letter_is_the_same_bytes_at_every_try() -> None:
    assert written(issue()) == written(issue())


def test_the_way_of_leaving_is_never_folded_however_long_it_is() -> None:
    long = "https://journal.example.org/newsletter/leave/" + "y" * 700
    assert f"\r\nList-Unsubscribe: <{long}>\r\n".encode() in written(issue(one_click=long))


def test_a_domain_of_another_script_goes_out_in_ascii() -> None:
    assert Read(written(letter(to="dee@bücher.example")))["To"] == "dee@xn--bcher-kva.example"


def test_a_local_part_of_another_script_stays_for_servers_that_take_it() -> None:
    assert Read(written(letter(to="dörte@bücher.example")))["To"] == "dörte@xn--bcher-kva.example"


def test_answers_go_where_the_team_wants_them() -> None:
    assert Read(written(letter(), replies="team@example.org"))["Reply-To"] == "team@example.org"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "<letters@journal.example.org>"),
        ("Ann, Ben", '"Ann, Ben" <letters@journal.example.org>'),
        ('Say "hi" \\', '"Say \\"hi\\" \\\\" <letters@journal.example.org>'),
        ("=?utf-8?q?x?=", "=?utf-8?q?x?= <letters@journal.example.org>"),
    ],
)
def test_a_name_is_quoted_or_encoded_where_it_must_be(name: str, shown: str) -> None:
    assert Read(written(letter(), Address(name, "letters", "journal.example.org")))["From"] == shown


def test_what_looks_encoded_is_shown_as_it_was_typed() -> None:
    typed = "=?utf-8?q?a=0D=0ABcc=3A_x=40example=2Eorg?="
    read = Read(written(letter(subject=typed)))
    assert read["Subject"] == typed
    assert "Bcc" not in read.names


def test_a_message_of_more_than_100_kb_is_refused_with_its_size() -> None:
    with pytest.raises(Refused, match=r"^The message has 1\d\d kB, at most 100 kB are sent: mail programs"):
        written(letter(html="<p>x</p>\n" * 12_000))
    assert len(written(letter(html="x" * 95_000))) < LARGEST


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"subject": "a\nBcc: x@example.org"}, "Subject of this message has a line break or"),
        ({"list_name": "a\u2028b"}, "List-Id of this message has a line break or"),
        (
            {"to": "dee@example.org\r\nBcc: x@example.org"},
            "An address of this message is not an e-mail address.",
        ),
        ({"one_click": "https://x/>, <mailto:a@b.c"}, "The address of one-click leaving is none."),
        ({"headers": (("X-A: b\r\nBcc", "c"),)}, "A header of this message has a name that is none."),
        (
            {"headers": (("subject", "twice"),)},
            "The headers of this message would not arrive as they were meant.",
        ),
        ({"text": "half \ud83d"}, "The text of this message holds half a character."),
        ({"subject": "x" * 2001}, "Subject of this message is too long: at most 2000 characters."),
    ],
)
def test_what_would_not_arrive_as_it_was_meant_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refused, match=f"^{sentence}"):
        written(issue(**fields))


def test_a_message_id_that_is_none_is_refused() -> None:
    with pytest.raises(Refused, match=r"^The Message-ID of this message is none\.$"):
        written(letter(), message_id="<a@b>\r\nBcc: <x@example.org>")


def test_writing_a_message_takes_no_part_of_the_time_of_sending_it() -> None:
    sent = issue(html=HTML * 80)
    began = time.perf_counter()
    for _ in range(100):
        written(sent)
    assert time.perf_counter() - began < 2  # a guard: about 30 ms on two shared cores
