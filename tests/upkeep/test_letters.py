"""A letter that lacks what providers or the law ask for is seen, whatever wrote it."""

import pytest

from blog.upkeep.letters import look_at_letter

from .messages import LEAVE, LETTER, POSTAL

FAULT = " Please report this as a fault of Broadsheet."


def to_do(message: bytes, leave: str = LEAVE) -> list[str]:
    found = look_at_letter(message, leave=leave, postal_address=POSTAL, site="https://journal.example.org")
    return [
        finding.says.removeprefix("letter: ").removesuffix(FAULT) for finding in found if not finding.well
    ]


def test_nothing_is_found_in_a_good_letter() -> None:
    assert to_do(LETTER) == []


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        (b"List-Id: The", b"X-List: The", "The header list-id is missing."),
        (b"Mon, 02 Mar 2026", b"2026-03-02", "Date is none."),
        (b"<doctor@journal", b"<doc tor@journal", "Message-ID is none."),
        (
            b"List-Unsubscribe: <https",
            b"List-Unsubscribe: https",
            "List-Unsubscribe is not the subscriber's link of leaving.",
        ),
        (
            b"Post: List-Unsubscribe=One-Click",
            b"Post: Yes",
            "List-Unsubscribe-Post does not offer one click.",
        ),
        (b"\r\nhttps://journal", b"\r\nhttps://elsewhere", "The link of leaving is not in text/plain."),
        (
            b'href=3D"https://journal',
            b'href=3D"https://elsewhere',
            "The link of leaving is not in text/html.",
        ),
        (b"<p>14 Linden", b"<p>15 Linden", "The postal address is not in text/html."),
        (b"\r\n14 Linden", b"\r\n15 Linden", "The postal address is not in text/plain."),
        (b"text/plain;", b"text/css;", "It is not text first and HTML second."),
        (
            b"https://journal.example.org/media",
            b"https://watch.example/media",
            "It fetches https://watch.example/media/a.jpg from elsewhere.",
        ),
        (
            b'jpg">',
            b'jpg" width=3D"1" height=3D"1">',
            "It holds a picture of one point, as those who watch readers use.",
        ),
        (b"<p>Gr", b"<script>1</script><p>Gr", "It holds an element that mail programs refuse."),
        (
            b"<p>Gr",
            b"<style>p{background:url(//w.example)}</style><p>",
            "It fetches //w.example from elsewhere.",
        ),
        (b"\r\n--=_edge--", b"", "The second reader finds a defect in it."),
        (b"To: dee", b"To:dee", "“To:dee@example.org” is no header field."),
    ],
)
def test_what_a_letter_lacks_is_said(good: bytes, bad: bytes, says: str) -> None:
    broken = LETTER.replace(good, bad, 1)
    assert broken != LETTER
    assert says in to_do(broken)


def test_a_link_of_leaving_that_is_not_https_offers_no_click() -> None:
    plain = LEAVE.replace("https", "http")
    assert to_do(LETTER.replace(LEAVE.encode(), plain.encode()), plain) == [
        "The link of leaving is not https, so that no provider offers one click."
    ]


def test_a_letter_that_would_be_cut_off_is_said_to_be_too_long() -> None:
    long = LETTER.replace(b"and goes on.", b"and goes on.\r\n" * 8_000)
    assert to_do(long) == ["it has 110 kB; shorten it to 100 kB, or it is cut off."]
