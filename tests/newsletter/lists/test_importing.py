"""A list comes in row by row into one bucket each; nobody who is out comes back by it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from blog.content.models import Category
from blog.lib.addresses import address_from
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.lib.tokens import hash_of_token
from blog.newsletter.leaving import leave
from blog.newsletter.links import leave_token_of
from blog.newsletter.lists.deciding import Bucket
from blog.newsletter.lists.importing import NotTaken, Options, import_list
from blog.newsletter.models import (
    Consent,
    Deed,
    Method,
    SignupRequest,
    Subscriber,
    SubscriberImport,
    SubscriberTopic,
)  # fmt: skip
from blog.newsletter.queries import reachable
from blog.outbox.models import Delivery, Suppression
from blog.outbox.standing import hash_of
from blog.outbox.suppressing import is_suppressed, lift, suppress
from tests.newsletter.lists.files import BASIS, bring, quiet, unchanged
from tests.subscribers import LONG_AGO, confirmed, pending

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LIST = "email,state,created_at,confirmed_at\n"


def hashed(typed: str) -> str:
    address = address_from(typed)
    assert address is not None
    return hash_of(address.key)


def known() -> dict[str, Subscriber]:
    return {row.key or "": row for row in db.session.query(Subscriber).order_by(Subscriber.id)}


def gets_letters() -> list[str]:
    return sorted(row.key or "" for row in db.session.scalars(reachable(AT)))


def test_subscribers_come_in_with_their_dates_and_the_consent_they_stand_on(
    app: Flask, tmp_path: Path
) -> None:
    with held_at(AT):
        text = f"{LIST}Dee@Example.org,active,2024-01-01 10:00,2024-01-02T10:00:00+02:00\ncy@example.org,active,,\n"
        assert bring(tmp_path, text) == {"added": 2}
    dee, cy = known().values()
    assert (dee.address, dee.asked_at, dee.confirmed_at) == (
        "Dee@Example.org",
        datetime(2024, 1, 1, 10, tzinfo=UTC),
        datetime(2024, 1, 2, 8, tzinfo=UTC),
    )
    assert (cy.asked_at, cy.confirmed_at, cy.all_topics, cy.hash) == (AT, AT, True, hashed("cy@example.org"))
    assert dee.leave_hash == hash_of_token(leave_token_of(dee.seed))
    proof = db.session.query(Consent).filter_by(subscriber_id=dee.id).one()
    assert (proof.deed, proof.method, proof.at, proof.note) == (Deed.IMPORTED, Method.IMPORT, AT, BASIS)
    assert gets_letters() == ["cy@example.org", "dee@example.org"]


def test_nobody_is_mailed_by_an_import(app: Flask, tmp_path: Path) -> None:
    bring(tmp_path, f"{LIST}dee@example.org,active,,\ncy@example.org,pending,,\nann@example.org,left,,\n")
    assert (db.session.query(Delivery).count(), db.session.query(SignupRequest).count()) == (0, 0)


def test_who_never_confirmed_there_is_not_taken_in(app: Flask, tmp_path: Path) -> None:
    assert bring(tmp_path, f"{LIST}cy@example.org,pending,,\n") == {"unconfirmed": 1}
    assert (known(), db.session.query(SubscriberImport).count()) == ({}, 0)


@pytest.mark.parametrize(
    ("state", "reason"), [("left", "left"), ("cleaned", "bounced"), ("spam", "complained")]
)
def test_who_is_out_there_is_out_here_and_only_their_hash_is_kept(
    app: Flask, tmp_path: Path, state: str, reason: str
) -> None:
    assert bring(tmp_path, f"{LIST}cy@example.org,{state},,\n", basis="") == {"taken out": 1}
    assert [(row.hash, row.reason) for row in db.session.query(Suppression)] == [
        (hashed("cy@example.org"), reason)
    ]
    assert known() == {}
    assert bring(tmp_path, f"{LIST}cy@example.org,active,2024-01-01,2024-01-01\n") == {"suppressed": 1}
    assert gets_letters() == []


@pytest.mark.parametrize("reason", ["left", "bounced", "complained", "erased"])
def test_who_is_left_alone_here_stays_so_whatever_a_list_says(
    app: Flask, tmp_path: Path, reason: str
) -> None:
    with write():
        suppress(hashed("dee@example.org"), reason, at=LONG_AGO)
        db.session.add(confirmed("cy@example.org"))
        leave(db.session.query(Subscriber).one(), Method.PAGE, at=LONG_AGO)
    assert bring(tmp_path, "email\nDEE@example.org\ncy@example.org\n") == {"suppressed": 2}
    assert (gets_letters(), is_suppressed(hashed("dee@example.org"))) == ([], True)


def test_who_is_subscribed_here_and_out_on_the_list_is_taken_out(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add(confirmed())
    (tmp_path / "l.csv").write_text(f"{LIST}dee@example.org,unsubscribed,,\n")
    account = import_list(tmp_path / "l.csv", Options(), note=quiet, progress=quiet)
    assert (account.sums[Bucket.TAKEN_OUT], account.were_subscribed) == (1, 1)
    assert [(row.deed, row.method) for row in db.session.query(Consent)] == [(Deed.LEFT, Method.IMPORT)]
    assert gets_letters() == []


def came_back(at: datetime) -> None:
    """Let Dee confirm here at this moment, by a deed of her own."""
    with write():
        dee = known().get("dee@example.org") or confirmed()
        db.session.add(dee)
        db.session.flush()
        dee.confirmed_at, dee.left_at = at, None
        db.session.add(
            Consent(
                subscriber_id=dee.id,
                deed=Deed.CONFIRMED,
                at=at,
                address="",
                hash=dee.hash,
                method=Method.CODE,
            )
        )
        lift(dee.hash, at=at)


def test_who_left_there_and_confirmed_here_since_stays(app: Flask, tmp_path: Path) -> None:
    came_back(AT)
    assert bring(tmp_path, "email,unsub_time\ndee@example.org,2025-01-01\n") == {"unchanged": 1}
    assert gets_letters() == ["dee@example.org"]


def test_an_old_list_of_who_left_throws_nobody_out_a_second_time(app: Flask, tmp_path: Path) -> None:
    text = "email,subscribed\ndee@example.org,no\n"
    assert bring(tmp_path, text) == {"taken out": 1}
    came_back(AT)
    with unchanged():
        assert bring(tmp_path, text) == {"unchanged": 1}
    assert gets_letters() == ["dee@example.org"]


def test_who_waited_here_for_a_confirmation_is_confirmed_by_the_list(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add(pending())
    assert bring(tmp_path, "email\ncy@example.org\n") == {"updated": 1}
    assert gets_letters() == ["cy@example.org"]


def test_what_people_chose_here_outranks_the_list(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add_all([Category(slug="sleep", name="Sleep"), confirmed()])
    with unchanged():
        assert bring(tmp_path, "email,topics\ndee@example.org,sleep\n") == {"unchanged": 1}


def test_topics_are_categories_and_others_are_refused(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add_all([Category(slug="sleep", name="Sleep"), Category(slug="food", name="Food")])
    assert bring(
        tmp_path, "email,topics\ndee@example.org,sleep food\ncy@example.org,all\nann@example.org,none\n"
    ) == {"added": 3}
    assert [row.all_topics for row in known().values()] == [False, True, False]
    assert db.session.query(SubscriberTopic).count() == 2
    with pytest.raises(NotTaken, match=r"^Nothing was written: 1 refused; --skip-bad takes the others\.$"):
        bring(tmp_path, "email,topics\nben@example.org,chess\n")


@pytest.mark.parametrize("first", ["active", "left"])
def test_an_address_that_comes_twice_counts_once_and_leaving_outweighs(
    app: Flask, tmp_path: Path, first: str
) -> None:
    second = "left" if first == "active" else "active"
    text = f"{LIST}dee@example.org,{first},,\nDEE@example.org,{second},,\n" + "cy@example.org,active,,\n" * 2
    assert bring(tmp_path, text) == {"added": 1, "taken out": 1, "duplicate": 2}
    assert gets_letters() == ["cy@example.org"]


def test_nothing_is_written_where_a_row_is_bad_unless_it_is_asked_for(app: Flask, tmp_path: Path) -> None:
    text = f"{LIST}dee@example.org,active,,\nnobody,active,,\n"
    with unchanged(), pytest.raises(NotTaken):
        bring(tmp_path, text)
    assert bring(tmp_path, text, skip_bad=True) == {"added": 1, "invalid": 1}


def test_who_counts_as_confirmed_needs_a_consent_that_is_named(app: Flask, tmp_path: Path) -> None:
    with unchanged(), pytest.raises(Refused, match=r"say with --basis on what consent .* \(line 3\)"):
        bring(tmp_path, "email,basis\ndee@example.org,a form\ncy@example.org,\n", basis="")
    bring(tmp_path, "email,basis\ndee@example.org,a form\ncy@example.org,\n")
    assert [row.note for row in db.session.query(Consent).order_by(Consent.id)] == ["a form", BASIS]
