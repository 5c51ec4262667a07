"""Mail goes no faster than the team says, in all and to one domain, however many workers there are."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.outbox.claiming import claim_due
from blog.outbox.models import Delivery, Notice, State
from blog.outbox.pacing import share_of, warn_of_volume
from blog.outbox.settling import counts
from blog.settings.declaring import choose

from .mailtalk import Server
from .sending import batch_to, note_to, row, send_all


def limit(**limits: int) -> None:
    with write():
        for name, value in limits.items():
            choose(f"mail.{name}", str(value))


def send_for(seconds: int, at: datetime) -> None:
    """Send for so long, looking each second."""
    for second in range(seconds):
        with held_at(at + timedelta(seconds=second)):
            send_all()


def most_in(seconds: float, domain: str = "") -> int:
    """Return the largest number of messages tried in any so many seconds."""
    tried = select(Delivery.tried_at).where(Delivery.tried_at.is_not(None), Delivery.domain.contains(domain))
    moments = sorted(moment for moment in db.session.scalars(tried) if moment)
    span = timedelta(seconds=seconds)
    return max(sum(start <= moment < start + span for moment in moments) for start in moments)


def test_no_more_than_the_limit_goes_in_any_minute(server: Server) -> None:
    limit(per_minute=60)
    at = now()
    batch = batch_to(*range(200), at=at)
    send_for(125, at)
    assert most_in(60) == 60
    assert counts(batch)[State.SENT] >= 118
    assert server.connections == 1


def test_a_minute_is_spread_out(server: Server) -> None:
    limit(per_minute=60)
    at = now()
    batch_to(*range(100), at=at)
    send_for(20, at)
    assert most_in(6) == 6


def test_a_domain_that_is_full_holds_up_no_other(server: Server) -> None:
    limit(per_domain_per_minute=6)
    at = now()
    batch_to(*(3 * number for number in range(40)), *(3 * number + 1 for number in range(3)), at=at)
    send_for(60, at)
    assert most_in(60, "a.example.org") == 6
    assert Counter(taken.recipient.partition("@")[2] for taken in server.taken) == {
        "a.example.org": 6,
        "b.example.org": 3,
    }


def test_urgent_mail_goes_first_within_the_limit(server: Server) -> None:
    limit(per_minute=60)
    at = now()
    batch_to(*range(100), at=at)
    send_for(3, at)
    [note] = note_to("ann@example.org", at=at + timedelta(seconds=3))
    send_for(8, at + timedelta(seconds=3))
    assert row(note).state is State.SENT


def test_two_workers_together_keep_to_the_limit(app: Flask) -> None:
    limit(per_minute=100, per_domain_per_minute=50)
    batch_to(*range(300))
    taken = []
    with held_at(now()):
        for _ in range(4):
            with write():
                taken.append(len(claim_due(50, at=now())))
    assert (taken[0], sum(taken)) == (10, 10)


@pytest.mark.parametrize(("per_minute", "most"), [(1, 1), (7, 1), (15, 1), (60, 6), (600, 60), (999, 99)])
def test_a_share_of_a_minute_is_never_more_than_its_part(per_minute: int, most: int) -> None:
    count, span = share_of(per_minute)
    assert (count, round(span.total_seconds() * per_minute, 3)) == (most, 60 * most)


@pytest.mark.parametrize("typed", ["-1", "many", "1.5", "", "1234567"])
def test_a_limit_that_is_no_number_is_refused(app: Flask, typed: str) -> None:
    with pytest.raises(Refused, match="is not a number of messages"), write():
        choose("mail.per_minute", typed)


def test_the_team_is_warned_once_before_a_day_first_reaches_five_thousand(app: Flask) -> None:
    batch_to(*range(10))
    with write():
        claim_due(10, at=now())
        assert warn_of_volume(4989, at=now()) == ""
        first, again = warn_of_volume(4990, at=now()), warn_of_volume(9000, at=now())
    assert first.startswith("With this issue 5000 messages go out within a day.")
    assert again.startswith("With this issue 9010 messages")
    assert db.session.scalars(select(Notice.sentence)).all() == [first]
