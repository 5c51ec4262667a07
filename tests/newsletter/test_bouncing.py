"""What comes back is counted once: gone is out, failing pauses, blocked is nobody's fault, complaining is leaving."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.bouncing import Became, count_report, count_settled, is_paused_by_bounces
from blog.newsletter.erasing import erase
from blog.newsletter.leaving import leave
from blog.newsletter.models import Bounce, Consent, Method, Subscriber
from blog.newsletter.queries import reachable
from blog.outbox.models import Delivery, Mailroom, State, Suppression
from blog.outbox.reports import read_reports
from tests.newsletter.letters import letter_to
from tests.outbox import returned
from tests.subscribers import confirmed

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
FULL = returned.failed("5.2.2", "552 5.2.2 Mailbox full")


def sent_to_dee(**fields: Any) -> Delivery:
    with write():
        return letter_to(confirmed(), **fields)


def count(raw: bytes, at: datetime = AT) -> list[Became]:
    with write():
        return [count_report(report, at=at) for report in read_reports(raw)]


def dee() -> Subscriber:
    return db.session.query(Subscriber).one()


def suppressed() -> list[str]:
    return [row.reason for row in db.session.query(Suppression) if row.lifted_at is None]


def rows() -> list[tuple[str, str]]:
    return [(row.kind, row.status) for row in db.session.query(Bounce).order_by(Bounce.id)]


def test_an_address_that_is_gone_leaves_for_good(app: Flask) -> None:
    sent_to_dee()
    assert count(returned.POSTFIX) == [Became.COUNTED]
    assert (dee().left_at, suppressed()) == (AT, ["bounced"])
    assert [row.method for row in db.session.query(Consent)] == [Method.BOUNCE]
    assert rows() == [("hard", "5.1.1 550 5.1.1 … Recipient address rejected: User unknown")]
    assert db.session.scalars(reachable(AT)).all() == []


def test_a_complaint_is_leaving(app: Flask) -> None:
    sent_to_dee()
    assert count(returned.COMPLAINT) == [Became.COUNTED]
    assert (dee().left_at, suppressed()) == (AT, ["complained"])
    assert [row.method for row in db.session.query(Consent)] == [Method.COMPLAINT]


def test_a_complaint_that_hides_its_recipient_is_known_by_its_message(app: Flask) -> None:
    sent_to_dee()
    assert count(returned.HIDDEN_COMPLAINT) == [Became.COUNTED]
    assert suppressed() == ["complained"]


@pytest.mark.parametrize("server", ["postfix", "gmail", "ses", "complaint"])
def test_the_same_report_twice_changes_nothing(app: Flask, server: str) -> None:
    sent_to_dee()
    count(returned.BY_SERVER[server])
    before = (rows(), dee().bounce_score, dee().left_at, suppressed())
    assert count(returned.BY_SERVER[server], AT + timedelta(days=1)) == [Became.KNOWN]
    assert (rows(), dee().bounce_score, dee().left_at, suppressed()) == before


def test_a_block_is_kept_and_suppresses_nobody(app: Flask) -> None:
    sent_to_dee()
    assert count(returned.SES) == [Became.COUNTED]
    assert (rows()[0][0], dee().left_at, dee().bounce_score, suppressed()) == ("policy", None, 0, [])


def test_what_is_only_late_or_arrived_counts_nothing(app: Flask) -> None:
    sent_to_dee()
    late = returned.report(FULL.replace("Action: failed", "Action: delayed"))
    assert count(late) == [Became.NOTHING]
    assert (rows(), dee().bounce_score) == ([], 0)


def test_failures_count_once_a_day_and_five_of_them_pause(app: Flask) -> None:
    with write():
        person = confirmed()
        letters = [letter_to(person, message_id=f"<{number}@us>") for number in range(7)]
    raw = [returned.report(FULL).replace(returned.OURS.encode(), b"<%d@us>" % number) for number in range(7)]
    assert [count(raw[0]), count(raw[1])] == [[Became.COUNTED]] * 2
    assert dee().bounce_score == 1
    for days in (1, 2, 3):
        count(raw[days + 1], AT + timedelta(days=days))
    assert (dee().bounce_score, dee().paused_until) == (4, None)
    last = AT + timedelta(days=4)
    count(raw[5], last)
    assert (dee().bounce_score, dee().paused_until) == (5, last + timedelta(days=90))
    assert is_paused_by_bounces(dee())
    assert (db.session.scalars(reachable(last)).all(), suppressed()) == ([], [])
    after = last + timedelta(days=91)
    assert len(db.session.scalars(reachable(after)).all()) == 1
    count(raw[6], after)
    assert dee().paused_until == after + timedelta(days=90)
    assert len(letters) == 7


def test_a_pause_of_ones_own_that_is_longer_stays(app: Flask) -> None:
    half_a_year = AT + timedelta(days=180)
    with write():
        letter_to(confirmed(bounce_score=4, paused_until=half_a_year))
    count(returned.report(FULL))
    assert (dee().bounce_score, dee().paused_until) == (5, half_a_year)


def test_a_letter_that_did_not_come_back_wipes_the_score(app: Flask) -> None:
    with write():
        person = confirmed(bounce_score=3, bounced_on=AT.date())
        first = letter_to(person, settled_at=AT + timedelta(days=1), message_id="<1@us>")
        second = letter_to(person, settled_at=AT + timedelta(days=4), message_id="<2@us>")
        third = letter_to(person, settled_at=AT + timedelta(days=7), message_id="<3@us>")
    scores = []
    for letter in (first, second, third):
        with held_at(letter.settled_at or AT), write():
            count_settled(letter)
        scores.append((dee().bounce_score, dee().bounced_on))
    assert scores == [(3, AT.date()), (3, AT.date()), (0, None)]


@pytest.mark.parametrize(
    ("answer", "score", "left", "kinds"),
    [
        ("550 5.1.1 No such user", 0, True, ["hard"]),
        ("452 4.2.2 Full for three days", 1, False, ["soft"]),
        ("550 5.7.1 Blocked", 0, False, ["policy"]),
        ("The letter cannot be written.", 0, False, []),
    ],
)
def test_what_a_server_refuses_at_once_counts_like_what_it_sends_back(
    app: Flask, answer: str, score: int, left: bool, kinds: list[str]
) -> None:
    letter = sent_to_dee(state=State.FAILED, answer=answer)
    with held_at(AT), write():
        count_settled(letter)
        count_settled(letter)
    assert (dee().bounce_score, dee().left_at is not None) == (score, left)
    assert [kind for kind, _ in rows()] == kinds


def test_a_report_is_known_by_the_address_it_came_to(app: Flask) -> None:
    letter = sent_to_dee(message_id="<another@us>")
    back = returned.way_back(letter)
    assert count(returned.report(returned.failed("5.1.1", "550 no", "moved@elsewhere.example"), to=back)) == [
        Became.COUNTED
    ]
    assert suppressed() == ["bounced"]


def test_forged_reports_are_counted_and_change_nothing(app: Flask) -> None:
    letter = sent_to_dee()
    back = returned.way_back(letter)
    guessed = back[: back.index("-")] + "-aaaaaaaaaaaaaaaa@journal.example.org"
    made_up = returned.letter().replace(returned.OURS, "<guessed@journal.example.org>")
    foreign = returned.failed("5.1.1", "550 no", "cy@example.org")
    forged = [
        returned.report(returned.failed("5.1.1", "550 no"), to=guessed, returned=made_up),
        returned.report(foreign, returned=returned.letter(to="cy@example.org")),
        returned.COMPLAINT.replace(b"dee@example.org", b"cy@example.org"),
        returned.HIDDEN_COMPLAINT.replace(returned.OURS.encode(), b"<x@y>"),
    ]
    assert [count(raw) for raw in forged] == [[Became.FOREIGN]] * 4
    assert (dee().left_at, dee().bounce_score, rows(), suppressed()) == (None, 0, [], [])
    assert db.session.query(Mailroom).one().ignored_reports == 4


def test_an_address_that_was_changed_since_bounces_without_its_owner(app: Flask) -> None:
    letter = sent_to_dee()
    with write():
        old = dee()
        old.address = old.key = "new@example.org"
        old.hash = "another"
    assert count(returned.POSTFIX) == [Became.COUNTED]
    assert (dee().left_at, suppressed()) == (None, ["bounced"])
    assert db.session.get(Suppression, letter.hash) is not None


def test_mail_to_the_team_that_comes_back_suppresses_nobody(app: Flask) -> None:
    sent_to_dee(recipient_id=None, hash="of the team", message_id="")
    with write():
        letter = db.session.query(Delivery).one()
    back = returned.way_back(letter)
    assert count(returned.report(returned.failed("5.1.1", "550 no"), to=back)) == [Became.COUNTED]
    assert suppressed() == []


def test_who_left_before_stays_out_as_before(app: Flask) -> None:
    sent_to_dee()
    with write():
        leave(dee(), Method.PAGE, at=AT - timedelta(days=1))
    count(returned.POSTFIX)
    assert (dee().left_at, len(suppressed())) == (AT - timedelta(days=1), 1)


def test_of_whoever_was_erased_meanwhile_a_report_keeps_the_code_alone(app: Flask) -> None:
    sent_to_dee()
    with write():
        erase(dee(), Method.PAGE, at=AT)
    named = returned.failed("5.1.1", "550 5.1.1 No mailbox dee or dee%40example.org here")
    assert count(returned.report(named)) == [Became.COUNTED]
    assert (rows(), suppressed()) == ([("hard", "5.1.1")], ["erased"])
