"""An export is safe to open and says what is here: bringing it in again changes nothing."""

import csv
import io
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blog.content.models import Category
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.bouncing import COMPLAINT
from blog.newsletter.leaving import leave
from blog.newsletter.lists.exporting import COLUMNS, export_list
from blog.newsletter.lists.values import defused, fused
from blog.newsletter.models import Consent, Deed, Method, Subscriber, SubscriberTopic
from blog.outbox.suppressing import lift
from tests.conftest import Start, environment_in
from tests.newsletter.lists.files import bring, unchanged
from tests.subscribers import LONG_AGO, confirmed, pending

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def exported() -> str:
    file = io.StringIO()
    export_list(file)
    return file.getvalue()


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(exported())))


def proof(subscriber: Subscriber, deed: Deed, method: Method | None, **fields: object) -> None:
    db.session.add(subscriber)
    db.session.flush()
    values = {"at": LONG_AGO, "address": "", "hash": subscriber.hash} | fields
    db.session.add(Consent(subscriber_id=subscriber.id, deed=deed, method=method, **values))
    db.session.flush()


def test_everybody_is_there_with_state_dates_topics_and_consent(app: Flask) -> None:
    with write():
        category = Category(slug="sleep", name="Sleep")
        dee = confirmed(all_topics=False, paused_until=AT)
        db.session.add(category)
        proof(dee, Deed.ASKED, None, page="/articles/sleep")
        asked = db.session.query(Consent).one()
        proof(dee, Deed.CONFIRMED, Method.CODE, asked_id=asked.id)
        db.session.add(SubscriberTopic(subscriber_id=dee.id, category_id=category.id))
        eve = confirmed("eve@example.org")
        proof(eve, Deed.IMPORTED, Method.IMPORT, note="the fair")
        leave(eve, Method.BOUNCE, at=AT, reason="bounced")
        db.session.add(pending())
    assert rows() == [
        dict(zip(COLUMNS, line, strict=True))
        for line in (
            ["dee@example.org", "confirmed", "2026-01-05T09:00:00+00:00", "2026-01-05T09:00:00+00:00", "",
             "2026-03-01T09:00:00+00:00", "sleep", "confirmed by code on 2026-01-05T09:00:00+00:00",
             "/articles/sleep"],
            ["eve@example.org", "bounced", "2026-01-05T09:00:00+00:00", "2026-01-05T09:00:00+00:00",
             "2026-03-01T09:00:00+00:00", "", "all", "the fair", ""],
            ["cy@example.org", "pending", "2026-01-05T09:00:00+00:00", "", "", "", "all", "", ""],
        )
    ]  # fmt: skip


def test_who_was_erased_is_not_there(app: Flask) -> None:
    with write():
        db.session.add(confirmed())
        db.session.flush()
        dee = db.session.query(Subscriber).one()
        dee.address = dee.key = None
        dee.erased_at = AT
    assert rows() == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(app: Flask, sign: str) -> None:
    with write():
        dee = confirmed()
        proof(dee, Deed.IMPORTED, Method.IMPORT, note=f"{sign}cmd|' /C calc'!A0")
    (row,) = rows()
    assert row["basis"] == f"'{sign}cmd|' /C calc'!A0"


@given(st.text("'=+-@\t\ra", max_size=6))
def test_what_was_defused_is_read_as_it_was(cell: str) -> None:
    assert fused(defused(cell)) == cell
    assert not defused(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_an_address_that_begins_like_a_formula_comes_back_as_it_was(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add_all(
            [confirmed("+dee@example.org"), confirmed("=cy@example.org"), confirmed("'=a@example.org")]
        )
    assert [row["email"] for row in rows()] == ["'+dee@example.org", "'=cy@example.org", "''=a@example.org"]
    with unchanged():
        assert bring(tmp_path, exported()) == {"unchanged": 3}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=st.lists(
    st.tuples(
        st.sampled_from(["pending", "confirmed", "imported", "left", "bounced", "complained", "came back", "erased"]),
        st.sampled_from([None, -30, 30]),
        st.sampled_from(["all", "none", "some"]),
        st.text("a=+'-.@\u00e9\"\n;,", max_size=8),
    ),
    max_size=8,
))  # fmt: skip
def test_bringing_in_an_export_changes_nothing(
    empty_database: Path, start: Start, tmp_path: Path, people: list[tuple[str, int | None, str, str]]
) -> None:
    folder = tmp_path / secrets.token_hex(4)
    folder.mkdir()
    shutil.copy(empty_database, folder / "blog.sqlite3")
    with start(environment_in(folder)).app_context(), held_at(AT + timedelta(days=2)):
        with write():
            db.session.add(Category(slug="sleep", name="Sleep"))
            db.session.flush()
            for number, person in enumerate(people):
                _settle(number, *person)
        first = exported()
        with unchanged():
            found = bring(tmp_path, first)
        assert exported() == first
    assert found.keys() <= {"unchanged", "suppressed"}
    assert sum(found.values()) == len([state for state, *_ in people if state != "erased"])


def _settle(number: int, state: str, pause: int | None, topics: str, note: str) -> None:
    """Add a person who stands so."""
    make = pending if state == "pending" else confirmed
    who = make(f"{'+' if number % 3 else ''}p{number}@example.org", all_topics=topics == "all")
    who.paused_until = None if pause is None else AT + timedelta(days=pause)
    imported = state == "imported"
    proof(who, Deed.IMPORTED if imported else Deed.ASKED, Method.IMPORT if imported else None, note=note)
    if topics == "some":
        category = db.session.query(Category).one()
        db.session.add(SubscriberTopic(subscriber_id=who.id, category_id=category.id))
    if state in ("left", "bounced", "complained", "came back", "erased"):
        reasons = {"came back": "left", "erased": "erased"}
        leave(who, Method.PAGE, at=AT, reason=reasons.get(state, state))
    if state == "came back":
        who.left_at = None
        lift(who.hash, at=AT + timedelta(days=1))
        proof(who, Deed.CONFIRMED, Method.BUTTON, at=AT + timedelta(days=1))
    if state == "erased":
        who.address = who.key = None
        who.erased_at = AT


def test_a_complaint_is_a_state_of_its_own(app: Flask) -> None:
    with write():
        dee = confirmed()
        db.session.add(dee)
        db.session.flush()
        leave(dee, Method.COMPLAINT, at=AT, reason="complained")
    assert ([row["state"] for row in rows()], COMPLAINT) == (["complained"], "complaint")
