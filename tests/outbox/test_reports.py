"""Reports of many mail servers are read alike, and no bytes whatever make reading them fail."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.refusing import Refused
from blog.outbox.reports import LARGEST, Says, read_reports
from blog.outbox.verdicts import Verdict, verdict_on

from . import returned

DEE = "dee@example.org"


@pytest.mark.parametrize(
    ("server", "recipients", "status", "verdict"),
    [
        ("postfix", (DEE,), "5.1.1", Verdict.HARD),
        ("exim", (DEE,), "5.2.1", Verdict.HARD),
        ("old exim", (DEE,), "", Verdict.HARD),
        ("exchange", (DEE, "dee.doe@corp.example.org"), "5.1.10", Verdict.HARD),
        ("gmail", (DEE,), "4.4.1", Verdict.SOFT),
        ("yahoo", (DEE,), "5.0.0", Verdict.HARD),
        ("ses", (DEE,), "5.7.1", Verdict.POLICY),
        ("utf-8", ("dée@example.org",), "5.1.1", Verdict.HARD),
    ],
)
def test_what_came_back_is_read_the_same_from_every_server(
    server: str, recipients: tuple[str, ...], status: str, verdict: Verdict
) -> None:
    (report,) = read_reports(returned.BY_SERVER[server])
    assert (report.says, report.recipients, report.status) == (Says.FAILED, recipients, status)
    assert verdict_on(report.status, report.diagnosis) == verdict
    assert report.message_ids[0] == returned.OURS
    assert "letters@journal.example.org" in report.came_for


def test_a_complaint_names_who_complains_or_hides_it() -> None:
    (open_,), (hidden,) = read_reports(returned.COMPLAINT), read_reports(returned.HIDDEN_COMPLAINT)
    assert (open_.says, open_.recipients, open_.diagnosis) == (Says.UNWANTED, (DEE,), "abuse")
    assert (hidden.says, hidden.recipients, hidden.message_ids) == (Says.UNWANTED, (), (returned.OURS,))


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "virus", "x-unheard-of", ""])
def test_feedback_that_is_no_complaint_is_none(kind: str) -> None:
    raw = returned.COMPLAINT.replace(b"Feedback-Type: abuse", f"Feedback-Type: {kind}".encode())
    assert [report.says for report in read_reports(raw)] == [Says.DELIVERED]


@pytest.mark.parametrize(
    ("action", "status", "says"),
    [
        ("delayed", "4.4.7", Says.DELAYED),
        ("delivered", "2.0.0", Says.DELIVERED),
        ("relayed (to a server that tells nothing)", "2.0.0", Says.DELIVERED),
        ("FAILED", "5.1.1", Says.FAILED),
        ("", "5.1.1", Says.FAILED),
        ("gone fishing", "4.2.2", Says.DELAYED),
    ],
)
def test_the_action_says_what_happened_and_else_the_code(action: str, status: str, says: Says) -> None:
    text = returned.failed(status, "250 whatever").replace("Action: failed", f"Action: {action}")
    assert [report.says for report in read_reports(returned.report(text))] == [says]


def test_every_recipient_of_a_report_is_one_report() -> None:
    second = "\n\nFinal-Recipient: rfc822; cy@example.org\nAction: failed\nStatus: 4.2.2\n"
    found = read_reports(returned.report(returned.failed("5.1.1", "550 no") + second))
    assert [(report.recipients, report.status) for report in found] == [
        ((DEE,), "5.1.1"),
        (("cy@example.org",), "4.2.2"),
    ]


def test_a_report_that_was_forwarded_as_an_attachment_is_read() -> None:
    inner = returned.POSTFIX.decode()
    outer = (
        f"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n"
    )
    assert read_reports(outer.encode()) == read_reports(returned.POSTFIX)


def test_transfer_encodings_line_ends_and_a_mailbox_line_make_no_difference() -> None:
    plain = read_reports(returned.POSTFIX)
    assert read_reports(returned.POSTFIX.replace(b"\r\n", b"\n")) == plain
    assert read_reports(b"From MAILER-DAEMON Mon Jun  2 10:00:00 2025\n" + returned.POSTFIX) == plain
    assert read_reports(returned.POSTFIX.replace(b"--=_edge 1--", b"")) == plain
    quoted = returned.failed("5.1.1", "550 5.1.1 =55ser unknown").replace("Status: 5.1.1", "Status: 5=2E1.1")
    raw = returned.report(
        quoted, status_kind="message/delivery-status\r\nContent-Transfer-Encoding: quoted-printable"
    )
    assert [report.diagnosis for report in read_reports(raw)] == ["550 5.1.1 User unknown"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"no colon at all",
        b"Subject: Out of office\nAuto-Submitted: auto-replied\n\nBack on Monday.",
        b"Content-Type: multipart/report; boundary=a\n\n--a\nContent-Type: text/plain\n\nsorry\n--a--",
        b"Content-Type: multipart/report; boundary=\n\n--\n",
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n",
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(Refused, match=r"^This is no report about mail\.$"):
        read_reports(raw)


def test_what_is_too_large_is_refused_and_what_is_as_large_as_may_be_is_read() -> None:
    most = returned.POSTFIX + b"x" * (LARGEST - len(returned.POSTFIX))
    assert len(read_reports(most)) == 1
    with pytest.raises(Refused, match=r"^This is larger than 1048576 bytes: no report\.$"):
        read_reports(most + b"x")


def test_nesting_without_end_is_read_to_a_depth() -> None:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(20_000)
    )
    with pytest.raises(Refused):
        read_reports(head + returned.POSTFIX)


@pytest.mark.parametrize(
    "line", [b"To: " + b"a" * 4_000, b"Content-Type: ;;;;" + b'x="' * 1_000, b"\t" * 4_000, b"a@" * 2_000]
)
def test_a_megabyte_of_one_line_over_and_over_is_read_in_bounds(line: bytes) -> None:
    raw = (line + b"\n") * (LARGEST // (len(line) + 1))
    with pytest.raises(Refused):
        read_reports(raw)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3_000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    _read_or_refuse(raw)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(returned.BY_SERVER)), st.randoms(use_true_random=False), st.integers(1, 12))
def test_reports_that_were_damaged_are_read_or_refused(server: str, dice: random.Random, times: int) -> None:
    raw = bytearray(returned.BY_SERVER[server])
    for _ in range(times):
        at, length = dice.randrange(len(raw)), dice.randrange(40)
        again = raw[at : at + length] * dice.randrange(3)
        noise = bytes(dice.choice(b'\x00\xff\r\n-=;:"<>@\\{}. 5x') for _ in range(dice.randrange(6)))
        raw[at : at + length] = bytes(again) + noise
    _read_or_refuse(bytes(raw))


def _read_or_refuse(raw: bytes) -> None:
    try:
        found = read_reports(raw)
    except Refused:
        return
    assert found
    assert all(verdict_on(report.status, report.diagnosis) for report in found)
