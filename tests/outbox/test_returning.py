"""A report finds its delivery by an address that nobody else can make."""

from dataclasses import dataclass, field
from email.headerregistry import Address

import pytest
from flask import Flask

from blog.lib.clock import now
from blog.lib.db import write
from blog.outbox.models import Delivery
from blog.outbox.posting import post
from blog.outbox.returning import delivery_of, envelope_sender


@dataclass(frozen=True)
class Mail:
    bounces: str = "bounces@journal.example.org"
    sender: Address = field(default_factory=lambda: Address("The Journal", "letters", "journal.example.org"))


def posted(to: str = "dee@example.org") -> Delivery:
    with write():
        return post("welcome", to, at=now())


@pytest.mark.usefixtures("app")
def test_every_delivery_has_its_own_and_leads_back() -> None:
    one, other = posted(), posted("cy@example.org")
    senders = [envelope_sender(Mail(), row.id, row.hash) for row in (one, other)]
    assert [delivery_of(sender) for sender in senders] == [one.id, other.id]
    assert all(sender.isascii() and len(sender.split("@")[0]) <= 64 for sender in senders)


@pytest.mark.usefixtures("app")
def test_a_server_that_changes_the_case_does_no_harm() -> None:
    row = posted()
    sender = envelope_sender(Mail("Bounces@journal.example.org"), row.id, row.hash)
    assert [delivery_of(f"<{form}>") for form in (sender.upper(), sender.lower())] == [row.id, row.id]


@pytest.mark.usefixtures("app")
def test_a_forged_one_leads_nowhere() -> None:
    row = posted()
    sender = envelope_sender(Mail(), row.id, row.hash)
    number, seal = sender.split("+")[1].split("@")[0].split("-")
    forged = [
        f"bounces+{int(number) + 1}-{seal}@journal.example.org",
        f"bounces+{number}-{'0' * 16}@journal.example.org",
        f"bounces+{number}@journal.example.org",
        f"bounces+{number}-{seal}",
        f"bounces+{'9' * 15}-{seal}@journal.example.org",
        f"bounces+{'9' * 40}-{seal}@journal.example.org",
        "bounces@journal.example.org",
        "",
    ]
    assert [delivery_of(address) for address in forged] == [None] * len(forged)


@pytest.mark.usefixtures("app")
def test_a_number_given_anew_to_somebody_else_is_not_found_by_an_old_report() -> None:
    row = posted()
    sender = envelope_sender(Mail(), row.id, row.hash)
    with write():
        row.hash = "f" * 64
    assert delivery_of(sender) is None


def test_without_an_address_for_bounces_they_return_to_the_sender(app: Flask) -> None:
    assert envelope_sender(Mail(bounces=""), 1, "f" * 64) == "letters@journal.example.org"
