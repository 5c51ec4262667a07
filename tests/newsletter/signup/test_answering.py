"""Requests are answered soon, together where they are for one address, and in a fair order where they are many."""

from flask import Flask
from sqlalchemy import text

from blog.lib.db import db, write
from blog.newsletter.leaving import leave
from blog.newsletter.models import Method, SignupRequest
from blog.newsletter.signup.answering import TOGETHER, WAITING
from tests.newsletter.asking import (
    AT,
    DAY,
    HOUR,
    MINUTE,
    answers,
    asked,
    asked_and_mailed,
    last_link,
    mails,
    the_subscriber,
    worked,
)
from tests.subscribers import confirmed, pending


def posts(count: int, *, to: int = 1, networks: int = 1, first: int = 0) -> None:
    """Keep requests as so many posts leave them, of networks that each ask again and again."""
    with write() as session:
        for number in range(to):
            session.add(pending(f"victim{first + number}@example.org", id=1000 + first + number))
        session.flush()
        for number in range(to):
            session.execute(
                text(
                    "INSERT INTO consent (id, subscriber_id, deed, at, address, hash, page, place, note) "
                    "VALUES (:id, :id, 'asked', '2026-03-02T09:00:00.000000', 'x', '', '', '', '')"
                ),
                {"id": 1000 + first + number},
            )
        rows = [
            {
                "one": 1000 + first + number % to,
                "network": f"net{number % networks}",
                "turn": number // networks + 1,
                "later": number // networks + 1 >= 30,
            }
            for number in range(count)
        ]
        session.execute(
            text(
                "INSERT INTO signup_request "
                "(subscriber_id, consent_id, asked_at, seed, network, browser, later, turn, tries, answer) "
                "VALUES (:one, :one, '2026-03-02T10:00:00.000000', 's', :network, 'x', :later, :turn, 0, '')"
            ),
            rows,
        )


def waiting(*, later: bool) -> int:
    return db.session.query(SignupRequest).filter_by(answered_at=None, later=later).count()


def test_a_request_is_answered_with_a_mail_that_has_a_link_of_its_own(app: Flask) -> None:
    asked()
    assert worked() is None
    assert mails() == [("confirmation", "dee@example.org")]
    assert (last_link().request_id, last_link().browser, last_link().made_at) == (1, "b1", AT)


def test_where_nobody_waits_nothing_is_written(app: Flask) -> None:
    before = db.session.execute(text("PRAGMA data_version")).scalar()
    assert worked() is None
    assert db.session.execute(text("PRAGMA data_version")).scalar() == before


def test_several_requests_for_one_address_are_answered_by_one_mail(app: Flask) -> None:
    for _ in range(3):
        asked()
    worked()
    assert len(mails()) == 1
    assert answers() == ["answered together with another"] * 2 + ["mailed"]


def test_the_request_of_a_browser_that_may_have_a_second_mail_counts_among_many_others(app: Flask) -> None:
    asked_and_mailed(browser="mine")
    at = AT + HOUR
    asked(at=at, browser="theirs")
    asked(at=at, browser="mine")
    asked(at=at, browser="theirs")
    worked(at)
    assert (len(mails()), last_link().browser, last_link().request_id) == (2, "mine", 3)


def test_of_many_clients_the_one_that_asked_for_least_is_answered(app: Flask) -> None:
    asked(network="theirs", turn=7)
    asked(network="mine", browser="mine", turn=1)
    asked(network="theirs", turn=8)
    worked()
    assert (len(mails()), last_link().browser) == (1, "mine")


def test_whoever_asked_before_they_left_gets_no_mail_for_it(app: Flask) -> None:
    with write() as session:
        session.add(confirmed())
    asked(at=AT)
    with write():
        leave(the_subscriber(), Method.PAGE, at=AT + MINUTE)
    worked(AT + 2 * MINUTE)
    assert (mails(), answers()) == ([], ["the person confirmed or left since"])


def test_a_network_over_its_cap_waits_and_is_mailed_by_and_by(app: Flask) -> None:
    for number in range(12):
        asked(f"dee{number}@example.org", network="school")
    again = worked()
    assert (len(mails("confirmation")), waiting(later=False), waiting(later=True)) == (10, 0, 2)
    assert again is not None
    for minutes in range(1, 63):
        worked(AT + minutes * MINUTE)
    assert (len(mails("confirmation")), waiting(later=True)) == (12, 0)


def test_a_domain_over_its_cap_does_not_keep_others_waiting(app: Flask) -> None:
    for number in range(251):
        asked(f"dee{number}@example.org", network=f"n{number}")
    asked("cy@example.net", network="other")
    worked()
    worked()
    assert len(mails("confirmation")) == 251
    assert mails("confirmation")[-1] == ("confirmation", "cy@example.net")


def test_in_total_so_many_go_within_an_hour_and_the_rest_later(app: Flask) -> None:
    for number in range(510):
        asked(f"dee@place{number}.example", network=f"n{number}")
    for _ in range(3):
        worked()
    assert (len(mails("confirmation")), waiting(later=True)) == (500, 10)
    worked(AT + 59 * MINUTE)
    assert len(mails("confirmation")) == 500
    for minutes in range(60, 64):
        worked(AT + minutes * MINUTE)
        worked(AT + minutes * MINUTE + MINUTE / 2)
    assert len(mails("confirmation")) == 508


def test_requests_that_were_to_wait_are_mailed_one_by_one(app: Flask) -> None:
    for number in range(5):
        asked(f"dee{number}@example.org", later=True, network="")
    counts = []
    for step in range(6):
        worked(AT + step * MINUTE / 4)
        counts.append(len(mails()))
    assert counts == [1, 2, 3, 4, 5, 5]


def test_looking_often_does_not_hurry_those_who_wait(app: Flask) -> None:
    for number in range(5):
        asked(f"dee{number}@example.org", later=True, network="")
    for _ in range(10):
        worked(AT)
    assert len(mails()) == 1


def test_whoever_asked_before_there_was_a_confirmation_gets_one(app: Flask) -> None:
    with write() as session:
        session.add(pending("old@example.org", id=7))
        session.flush()
        session.execute(
            text(
                "INSERT INTO consent (id, subscriber_id, deed, at, address, hash, page, place, note) "
                "VALUES (7, 7, 'asked', '2025-03-02T09:00:00.000000', 'x', '', '', '', '')"
            )
        )
        session.execute(
            text(
                "INSERT INTO signup_request (subscriber_id, consent_id, asked_at, seed, network, browser, "
                "later, turn, tries, answer) VALUES (7, 7, '2025-03-02T09:00:00.000000', 's', '', '', 1, 1, 0, '')"
            )
        )
    worked()
    assert mails() == [("confirmation", "old@example.org")]


def test_a_flood_for_few_addresses_ends_in_one_mail_for_each_and_nobody_else_waits(app: Flask) -> None:
    posts(5_000, to=10, networks=50)
    asked("genuine@example.org", network="quiet")
    assert waiting(later=True) > 3_000
    worked()
    assert ("confirmation", "genuine@example.org") in mails()
    while waiting(later=False) or waiting(later=True):
        worked()
    assert len(mails("confirmation")) == 11
    posts(300, to=10, networks=50, first=100)
    worked(AT + DAY)


def test_more_requests_for_one_address_than_one_transaction_answers_are_answered_in_several(
    app: Flask,
) -> None:
    posts(TOGETHER + 500, networks=TOGETHER)
    worked()
    worked()
    assert (len(mails()), waiting(later=False), waiting(later=True)) == (1, 0, 0)


def test_whoever_asks_for_little_comes_before_a_flood_of_addresses(app: Flask) -> None:
    posts(1_000, to=1_000, networks=20)
    asked("genuine@example.org", network="quiet")
    worked()
    assert mails("confirmation").index(("confirmation", "genuine@example.org")) < 30


def test_finding_who_is_next_costs_the_same_however_many_wait(app: Flask) -> None:
    sql = WAITING._ready.sql
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", (0, 20, 0)).all()
    assert [row[3] for row in plan] == [
        "SEARCH signup_request USING INDEX ix_signup_request_waiting (answered_at=? AND later=?)"
    ]
