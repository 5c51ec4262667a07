"""An address and a body as they go over the wire."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.outbox.smtp.envelope import stuffed


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        (b"a\r\n.b\r\n..\r\n.\r\n", b"a\r\n..b\r\n...\r\n..\r\n"),
        (b".a\n.b\r.c", b"..a\r\n..b\r\n..c\r\n"),
        (b"a\r\n.\rMAIL FROM:<x>", b"a\r\n..\r\nMAIL FROM:<x>\r\n"),
        (b"a\n\r\nb\r\r\n", b"a\r\n\r\nb\r\n\r\n"),
        (b"", b"\r\n"),
    ],
)
def test_lines_end_in_crlf_and_their_first_dot_is_doubled(message: bytes, sent: bytes) -> None:
    assert stuffed(message) == sent


@given(st.lists(st.sampled_from([b".", b"\r", b"\n", b"a"]), max_size=30).map(b"".join))
@settings(max_examples=200)
def test_no_body_can_end_itself_or_hold_a_lone_cr_or_lf(message: bytes) -> None:
    sent = stuffed(message)
    assert sent.endswith(b"\r\n")
    assert b"\r\n.\r\n" not in b"\r\n" + sent
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", sent) is None
