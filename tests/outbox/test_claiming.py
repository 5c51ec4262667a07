"""A row of the ledger is one worker's at a time, and nobody's again when that worker is gone."""

import threading
from collections import Counter
from datetime import timedelta

from flask import Flask

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.outbox.claiming import LEASE, Claim, claim_due, give_back, has_expired, next_due, release_expired
from blog.outbox.delivering import Courier
from blog.outbox.models import Batch, State
from blog.outbox.smtp.carrying import carrier_for
from blog.outbox.smtp.envelope import Envelope
from blog.outbox.smtp.outcomes import Sent

from .mailtalk import Server
from .sending import address_of, batch_to, note_to, row, send_all, states


def claim(count: int = 100) -> list[Claim]:
    with write():
        return claim_due(count, at=now())


def numbers(claims: list[Claim]) -> list[int]:
    return [claim.delivery.id for claim in claims]


def test_urgent_messages_are_claimed_first_then_the_oldest_batch(server: Server) -> None:
    batch_to(1, 2)
    batch_to(3)
    note_to("ann@example.org")
    assert numbers(claim()) == [4, 1, 2, 3]
    assert claim() == []


def test_what_is_not_due_yet_or_paused_or_done_is_left(server: Server) -> None:
    later = batch_to(1, at=now() + timedelta(minutes=5))
    paused = batch_to(2)
    with write() as session:
        session.get_one(Batch, paused).paused_at = now()
    assert claim() == []
    due = next_due(now())
    assert due is not None
    with held_at(due):
        assert [one.delivery.batch_id for one in claim()] == [later]


def test_a_claim_says_when_for_how_long_and_under_which_name(server: Server) -> None:
    note_to("ann@example.org")
    at = now()
    with held_at(at):
        [claimed] = claim()
    kept = row(1)
    assert (kept.state, kept.claim, kept.claimed_until) == (State.CLAIMED, claimed.token, at + LEASE)
    assert (kept.tries, kept.first_tried_at, kept.tried_at) == (1, at, at)
    assert kept.message_id.endswith("@journal.example.org>")
    with write():
        give_back([claimed])
    assert (row(1).state, row(1).tries, row(1).message_id) == (State.QUEUED, 0, kept.message_id)


def test_what_a_dead_worker_held_is_free_after_its_lease(server: Server) -> None:
    batch_to(1, 2)
    at = now()
    with held_at(at):
        first = claim(1)
    with held_at(at + LEASE - timedelta(seconds=1)):
        assert (has_expired(now()), numbers(claim(1))) == (False, [2])
    with held_at(at + LEASE):
        assert has_expired(now())
        with write():
            release_expired(at=now())
        assert numbers(claim()) == [1]
        with write():
            give_back(first)  # another's by now
    assert [row(number).state for number in (1, 2)] == [State.CLAIMED, State.CLAIMED]


def deliver(claims: list[Claim], app: Flask) -> Courier:
    courier = Courier(carrier_for(app.config["MAIL"], app.config["INSTANCE"]))
    for one in claims:
        courier.deliver(one)
    return courier


def test_a_worker_that_stood_still_past_its_lease_sends_nothing(app: Flask, server: Server) -> None:
    batch = batch_to(1)
    at = now()
    with held_at(at):
        slow = claim()
    with held_at(at + LEASE):
        send_all()
        assert [taken.recipient for taken in server.taken] == [address_of(1)]
        courier = deliver(slow, app)
    assert (courier.unkept, len(server.taken)) == ([], 1)
    assert db.session.get_one(Batch, batch).done_at is not None


def test_a_lease_that_is_over_is_not_used_although_nobody_else_came(app: Flask, server: Server) -> None:
    batch_to(1)
    at = now()
    with held_at(at):
        slow = claim()
    with held_at(at + LEASE):
        deliver(slow, app)
    assert (server.taken, row(1).state) == ([], State.CLAIMED)


class SlowAtTheEnd:
    """A carrier whose worker stands still between its word to the ledger and the final dot."""

    def __init__(self, app: Flask) -> None:
        self._carrier = carrier_for(app.config["MAIL"], app.config["INSTANCE"])

    def greet(self) -> None:
        self._carrier.greet()

    def offer(self, envelope: Envelope, message: bytes) -> None:
        self._carrier.offer(envelope, message)

    def finish(self) -> Sent:
        with held_at(now() + 2 * LEASE):
            send_all()  # another worker's
        answer = self._carrier.finish()
        assert isinstance(answer, Sent)
        return answer

    def abandon(self) -> None:
        self._carrier.abandon()

    def close(self) -> None:
        self._carrier.close()


def test_a_worker_that_was_only_slow_may_still_say_that_a_letter_was_sent(app: Flask, server: Server) -> None:
    batch_to(1)
    courier = Courier(SlowAtTheEnd(app))
    courier.deliver(claim()[0])
    assert (row(1).state, len(server.taken)) == (State.IN_DOUBT, 1)
    courier.keep()
    assert (row(1).state, row(1).claimed_until) == (State.SENT, None)
    courier.carrier.close()


def test_an_urgent_message_that_another_has_sent_meanwhile_stays_as_that_one_said(
    app: Flask, server: Server
) -> None:
    note_to("ann@example.org")
    courier = Courier(SlowAtTheEnd(app))
    courier.deliver(claim()[0])
    assert (row(1).state, len(server.taken)) == (State.SENT, 2)
    said = row(1).answer
    courier.keep()
    assert (row(1).state, row(1).answer) == (State.SENT, said)
    courier.carrier.close()


def test_workers_that_claim_at_once_share_what_is_due(application: Flask) -> None:
    with application.app_context():
        batch_to(*range(60))
    found: Counter[int] = Counter()
    together = threading.Barrier(4)

    def work() -> None:
        with application.app_context():
            together.wait(60)
            while claimed := claim(5):
                found.update(numbers(claimed))

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert found == Counter(range(1, 61))


def test_a_quiet_ledger_has_nothing_due(server: Server) -> None:
    assert next_due(now()) is None
    batch_to(1)
    send_all()
    assert (next_due(now()), states()) == (None, [("letter", "sent")])
