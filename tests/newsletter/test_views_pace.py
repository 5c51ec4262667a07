"""One client may ask often, then later, then no more; an address is never held back."""

from flask import Flask

from tests.conftest import Start, environment_in
from tests.newsletter.conftest import StoppedClock
from tests.newsletter.visiting import HTMX, Visitor

LATER = "SELECT later FROM signup_request ORDER BY id"


def test_from_the_thirtieth_post_in_ten_minutes_on_requests_are_kept_and_mailed_later(
    visitor: Visitor, clock: StoppedClock
) -> None:
    answers = [visitor.sign_up(f"dee+{number}@example.org", HTMX).status_code for number in range(31)]
    assert answers == [200] * 31
    assert visitor.rows(LATER) == [(0,)] * 29 + [(1,)] * 2


def test_after_ten_quiet_minutes_requests_are_mailed_at_once_again(
    visitor: Visitor, clock: StoppedClock
) -> None:
    for _ in range(30):
        visitor.sign_up("dee@example.org")
    clock.pass_by(minutes=10)
    visitor.sign_up("dee@example.org")
    assert visitor.rows(LATER)[-2:] == [(1,), (0,)]


def test_the_301st_post_within_an_hour_is_refused_and_the_300th_is_not(
    visitor: Visitor, clock: StoppedClock
) -> None:
    answers = [visitor.sign_up("dee@example.org", HTMX).status_code for _ in range(302)]
    assert answers == [200] * 300 + [429] * 2
    assert visitor.kept() == (1, 300)


def test_posts_without_an_address_or_with_the_honeypot_count_too(
    visitor: Visitor, clock: StoppedClock
) -> None:
    for _ in range(100):
        visitor.sign_up("dee")
        visitor.sign_up("")
        visitor.sign_up("dee@example.org", website="x")
    assert visitor.sign_up("dee@example.org").status_code == 429


def test_refused_posts_count_too(visitor: Visitor, clock: StoppedClock) -> None:
    for _ in range(301):
        visitor.sign_up("dee@example.org")
    clock.pass_by(minutes=59)
    for _ in range(301):
        visitor.sign_up("dee@example.org")
    clock.pass_by(minutes=1)
    assert visitor.sign_up("dee@example.org").status_code == 429


def test_whoever_waits_as_long_as_was_said_is_let_in(visitor: Visitor, clock: StoppedClock) -> None:
    for number in range(302):
        clock.pass_by(seconds=number % 7)
        answer = visitor.sign_up("dee@example.org")
    wait = int(answer.headers["Retry-After"])
    clock.pass_by(seconds=wait - 60)
    assert visitor.sign_up("dee@example.org").status_code == 429
    clock.pass_by(seconds=60)
    assert visitor.sign_up("dee@example.org").status_code == 303


def test_counts_survive_a_restart(visitor: Visitor, clock: StoppedClock, start: Start) -> None:
    for _ in range(300):
        visitor.sign_up("dee@example.org")
    restarted = start(environment_in(visitor.application.config["INSTANCE"]))
    assert Visitor(restarted).sign_up("dee@example.org").status_code == 429


def test_one_address_is_never_held_back(visitor: Visitor, clock: StoppedClock) -> None:
    answers = [
        Visitor(visitor.application, f"198.51.{number // 250}.{number % 250}").sign_up("dee@example.org")
        for number in range(302)
    ]
    assert {answer.status_code for answer in answers} == {303}
    assert visitor.kept() == (1, 302)
    assert set(visitor.rows(LATER)) == {(0,)}


def test_all_of_one_ipv6_network_is_one_client(
    application: Flask, visitor: Visitor, clock: StoppedClock
) -> None:
    for number in range(300):
        Visitor(application, f"2001:db8:1:2::{number:x}").sign_up("dee@example.org")
    inside, beside = Visitor(application, "2001:db8:1:2:ffff::1"), Visitor(application, "2001:db8:1:3::1")
    assert inside.sign_up("dee@example.org").status_code == 429
    assert beside.sign_up("dee@example.org").status_code == 303


def test_an_ipv4_address_counts_alone_and_the_same_written_as_ipv6(
    application: Flask, visitor: Visitor, clock: StoppedClock
) -> None:
    for _ in range(300):
        visitor.sign_up("dee@example.org")
    mapped, beside = Visitor(application, "::ffff:198.51.100.7"), Visitor(application, "198.51.100.8")
    assert mapped.sign_up("dee@example.org").status_code == 429
    assert beside.sign_up("dee@example.org").status_code == 303


def test_no_network_can_be_read_in_the_database(visitor: Visitor) -> None:
    visitor.sign_up("dee@example.org")
    ((client,),) = visitor.rows("SELECT client FROM tries")
    assert len(client) == 32
    assert "198.51" not in client
