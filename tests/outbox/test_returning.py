"""The address that mail comes back to names its delivery, and nobody else can make one up."""

from flask import Flask

from blog.outbox.returning import delivery_of, envelope_sender


def test_the_address_names_its_delivery_in_either_case(app: Flask) -> None:
    address = envelope_sender("bounces@journal.example.org", 1234567)
    assert address.startswith("bounces+1234567-")
    assert address.endswith("@journal.example.org")
    assert address == address.lower()
    assert [delivery_of(form) for form in (address, address.upper(), f" <{address}> ")] == [1234567] * 3
    assert len(address.partition("@")[0]) <= 64


def test_an_address_that_was_changed_or_made_up_names_nothing(app: Flask) -> None:
    address = envelope_sender("bounces@journal.example.org", 12)
    other = envelope_sender("bounces@journal.example.org", 13)
    proof = other.partition("-")[2].partition("@")[0]
    forged = [f"bounces+12-{proof}@journal.example.org", address.replace("+12-", "+13-"), address[:-30], ""]
    forged += [
        "bounces@journal.example.org",
        "bounces+12-@x",
        "bounces+12-aaaaaaaaaaaaaaaa@x",
        "bounces+١٢-a@x",
    ]
    assert [delivery_of(form) for form in forged] == [None] * len(forged)
