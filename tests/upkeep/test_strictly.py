"""The strict reader takes a good message whole, and sees everything that the standards forbid."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.upkeep.strictly import read_strictly

from .messages import LEAVE, LETTER, POSTAL


def test_a_good_message_is_read_whole() -> None:
    read = read_strictly(LETTER)
    assert read.faults == []
    assert read.value("subject") == "Grüße an alle"
    assert read.part("text/plain") == (f"Grüße, a line that is broken here and goes on.\n{LEAVE}\n{POSTAL}\n")
    assert [kind for kind, _ in read.parts] == ["text/plain", "text/html"]


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        (b"To: dee", b"To:dee", "“To:dee@example.org” is no header field."),
        (b"To: dee", b"To : dee", "“To : dee@example.org” is no header field."),
        (b"To: dee", b"Subject: x\r\nTo: dee", "Subject stands there twice."),
        (b"To: dee@example.org", b"To: ", "To is empty, or has an empty line in it."),
        (
            b"=?utf-8?b?IGFsbGU=?=",
            b"=?utf-8?b?IGFs*GU=?=",
            "Subject holds an encoded word that cannot be decoded.",
        ),
        (
            b"=?utf-8?b?IGFsbGU=?=",
            b"=?utf-8?b?/w==?=",
            "Subject holds an encoded word that cannot be decoded.",
        ),
        (b"=?utf-8?b?IGFsbGU=?=", b"=?utf-8?b?IGFsbGU=", "Subject holds an encoded word that is none."),
        (
            b"=?utf-8?b?IGFsbGU=?=",
            b"=?utf-8?q?" + b"a" * 80 + b"?=",
            "Subject holds an encoded word that is none.",
        ),
        (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\n", "A line ends in less than CRLF."),
        (b"The Journal <", b"Gr\xc3\xbc\xc3\x9fe <", "A byte is beyond ASCII."),
        (b"The Journal <", b"The\0Journal <", "There is a NUL byte."),
        (b"The Journal <", b"a " * 500 + b"<", "A line has 1035 bytes, at most 998 are allowed."),
        (b"--=_edge--\r\n", b"--=_edge--", "The last line has no end."),
        (b"--=_edge--\r\n", b"", "The parts do not begin and end at the boundary."),
        (b"multipart/alternative", b"multipart/mixed", "It is not made of alternatives with a boundary."),
        (b"Gr=C3=BC=C3=9Fe, a", b"Gr=c3=bce, a", "A line of a part is not quoted-printable."),
        (b"Gr=C3=BC=C3=9Fe, a", b"Gr=FCe, a", "A part is not UTF-8."),
        (b"goes on.", b"goes on. ", "A line of a part is not quoted-printable."),
        (b"goes on.", b"goes on" + b"." * 80, "A line of a part has more than 76 bytes."),
        (b"charset=utf-8", b"charset=latin-1", "A part does not say that it is UTF-8."),
        (b"quoted-printable", b"8bit", "A part does not say that it is quoted-printable."),
    ],
)
def test_what_the_standards_forbid_is_seen(good: bytes, bad: bytes, fault: str) -> None:
    broken = LETTER.replace(good, bad, 1)
    assert broken != LETTER
    assert fault in read_strictly(broken).faults


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, len(LETTER)), st.integers(0, 40))
def test_no_bytes_make_reading_fail(noise: bytes, at: int, length: int) -> None:
    read_strictly(noise)
    read_strictly(LETTER[:at] + noise + LETTER[at + length :])
