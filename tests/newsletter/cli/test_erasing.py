"""The command asks, erases, and says how long backups keep the address."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.models import Consent, Deed, Method, Subscriber
from tests.newsletter.test_erasing import places_of
from tests.subscribers import confirmed

ADDRESS = "dee-of-the-cast@dee-house.example.com"


@pytest.fixture
def dee(application: Flask) -> Flask:
    """Return the application, where Dee is subscribed."""
    with application.app_context():
        with write() as session:
            session.add(confirmed(ADDRESS))
        db.session.remove()
    return application


def run(app: Flask, *arguments: str, typed: str = "") -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["subscribers", "erase", *arguments], input=typed)
    if isinstance(result.exception, Refused):
        raise result.exception
    return result.exit_code, result.output


def known(app: Flask) -> list[str | None]:
    with app.app_context():
        return list(db.session.scalars(select(Subscriber.address)))


def test_it_erases_after_a_yes_whatever_the_letters_are_like(dee: Flask) -> None:
    asked = f"Erase {ADDRESS.upper()}? This cannot be taken back [y/N]: y\n"
    said = f"{ADDRESS.upper()} is erased. Backups keep it for 30 days at most.\n"
    assert run(dee, ADDRESS.upper(), typed="y\n") == (0, asked + said)
    assert known(dee) == [None]
    assert places_of(Path(dee.config["INSTANCE"]), ADDRESS) == []
    with dee.app_context():
        deed = db.session.scalars(select(Consent)).one()
        assert (deed.deed, deed.method) == (Deed.ERASED, Method.TEAM)


@pytest.mark.parametrize("typed", ["n\n", "\n", ""])
def test_without_a_yes_nothing_happens(dee: Flask, typed: str) -> None:
    assert run(dee, ADDRESS, typed=typed)[0] == 1
    assert known(dee) == [ADDRESS]


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("nobody", "“nobody” is not an e-mail address."),
        ("cy@example.org", "No subscriber has the address cy@example.org; nothing was changed."),
    ],
)
def test_an_address_that_nobody_has_is_refused(dee: Flask, address: str, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        run(dee, address, "--yes")
    assert str(refused.value) == sentence
