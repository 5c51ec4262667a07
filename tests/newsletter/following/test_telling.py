"""Telling followers: one mail for each change, to those who still follow and may get letters."""

import datetime as dt

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.following.keeping import FOLLOWS_FOR
from blog.newsletter.following.telling import tell_followers
from blog.outbox.kinds import KINDS
from blog.outbox.models import Batch, Delivery
from blog.settings.declaring import choose

from .wishing import DAY, NOON, dee, follow, follows, publish, the_article


@pytest.fixture(autouse=True)
def ready(app: Flask) -> None:
    """Let Dee follow the article."""
    publish()
    follow()


def told(at: dt.datetime = NOON + DAY) -> list[str]:
    """Let the chore run and return the kinds of all mails about changes so far."""
    with held_at(at):
        tell_followers()
    db.session.rollback()
    rows = db.session.query(Delivery).filter(Delivery.batch_id.is_not(None)).order_by(Delivery.id)
    return [row.kind for row in rows]


def update(**fields: object) -> None:
    with write():
        for name, value in fields.items():
            setattr(the_article(), name, value)


def last() -> Delivery:
    return db.session.query(Delivery).order_by(Delivery.id.desc()).limit(1).one()


def test_without_a_change_nothing_is_told() -> None:
    update(title="Sleep & memory", body="Other words.")
    assert told() == []


def test_an_update_is_told_once() -> None:
    update(updated_at=NOON + DAY)
    assert told() == ["follow"]
    assert told() == ["follow"]
    row = last()
    assert (row.urgent, row.address, row.recipient_id, row.about_id) == (
        False,
        "",
        dee().id,
        the_article().id,
    )
    assert db.session.query(Batch).one().kind == "follow"
    with held_at(NOON + DAY):
        letter = KINDS["follow"].compose(row)
    assert letter is not None
    assert (letter.to, letter.subject) == ("dee@example.org", "Updated: Sleep and memory")
    assert "/newsletter/preferences/unfollow/" in letter.text
    assert letter.one_click.startswith("https://journal.example.org/newsletter/leave/")


def test_a_review_is_told_once_and_as_such() -> None:
    update(reviewed_on=dt.date(2026, 3, 3))
    assert told() == ["follow, reviewed"]
    assert told() == ["follow, reviewed"]
    with held_at(NOON + DAY):
        letter = KINDS["follow, reviewed"].compose(last())
    assert letter is not None
    assert letter.subject == "Reviewed again: Sleep and memory"


def test_updated_and_reviewed_at_once_is_one_mail() -> None:
    update(updated_at=NOON + DAY, reviewed_on=dt.date(2026, 3, 3))
    assert told() == ["follow"]


def test_every_change_has_its_mail() -> None:
    update(updated_at=NOON + DAY)
    told()
    update(updated_at=NOON + 2 * DAY)
    assert told(NOON + 3 * DAY) == ["follow", "follow"]


def test_what_is_planned_is_told_when_it_has_come() -> None:
    update(updated_at=NOON + 2 * DAY)
    assert told() == []
    assert told(NOON + 2 * DAY) == ["follow"]


def test_a_date_that_is_put_back_is_no_change() -> None:
    update(updated_at=NOON - DAY)
    told()
    update(updated_at=NOON - 2 * DAY)
    assert told(NOON + 2 * DAY) == ["follow"]


def test_after_a_year_it_ends() -> None:
    update(updated_at=NOON + FOLLOWS_FOR)
    assert told(NOON + FOLLOWS_FOR) == []
    assert follows() == []


def test_who_left_hears_nothing_and_who_stopped_meanwhile_does_not_either() -> None:
    update(updated_at=NOON + DAY)
    told()
    with held_at(NOON + DAY):
        assert KINDS["follow"].may_still_send(last()) is True
        with write():
            db.session.execute(db.text("DELETE FROM follow"))
        assert KINDS["follow"].may_still_send(last()) is False
        assert KINDS["follow"].compose(last()) is None


def test_a_change_while_a_reader_is_out_is_not_told_later() -> None:
    with write():
        dee().left_at = NOON
    update(updated_at=NOON + DAY)
    assert told() == []
    with write():
        dee().left_at = None
    assert told(NOON + 2 * DAY) == []


def test_without_a_postal_address_it_waits() -> None:
    with write():
        choose("site.postal_address", "")
    update(updated_at=NOON + DAY)
    assert told() == []
    with write():
        choose("site.postal_address", "14 Linden Street")
    assert told() == ["follow"]


def test_an_article_that_was_withdrawn_is_not_told_of() -> None:
    update(updated_at=NOON + DAY)
    told()
    update(published_at=None)
    with held_at(NOON + DAY):
        assert KINDS["follow"].compose(last()) is None
