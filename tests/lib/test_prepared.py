"""A prepared question is compiled once and answers as the ORM would."""

import sys
from datetime import UTC, datetime
from threading import Barrier, Thread
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import bindparam, select

from blog.lib import clock
from blog.lib.db import UtcDateTime, db, this_moment
from blog.lib.prepared import Prepared
from blog.newsletter.models import Subscriber
from blog.settings.models import StoredSetting
from tests.building import save
from tests.subscribers import pending

MOMENT = datetime(2025, 6, 2, 10, tzinfo=UTC)


def subscriber(name: str, at: datetime = MOMENT) -> Subscriber:
    return pending(key=name, asked_at=at)


def by_key() -> Prepared[tuple[str, datetime]]:
    statement = select(Subscriber.key, Subscriber.asked_at).where(Subscriber.key == bindparam("key"))
    return Prepared(statement, lambda key, at: (key, at))


def test_rows_become_values(app: Flask) -> None:
    save(subscriber("ann"), subscriber("ben"))
    everyone = Prepared(select(Subscriber.key).order_by(Subscriber.key), str.upper)
    assert everyone.all() == ["ANN", "BEN"]
    assert everyone.first() == "ANN"


def test_no_row_is_none(app: Flask) -> None:
    assert (by_key().first(key="ann"), by_key().all(key="ann")) == (None, [])


def test_columns_come_back_in_their_own_types(app: Flask) -> None:
    save(subscriber("ann"), StoredSetting(key="list", value={"a": [1, None]}))
    assert by_key().first(key="ann") == ("ann", MOMENT)
    assert Prepared(select(StoredSetting.value), lambda value: value).all() == [{"a": [1, None]}]


def test_parameters_go_in_as_their_own_types(app: Flask) -> None:
    save(subscriber("ann", MOMENT), subscriber("ben", MOMENT.replace(hour=12)))
    since = Prepared(
        select(Subscriber.key).where(Subscriber.asked_at > bindparam("at", type_=UtcDateTime())), str
    )
    assert since.all(at=MOMENT.replace(hour=11)) == ["ben"]


def test_a_value_is_never_read_as_sql(app: Flask) -> None:
    save(subscriber("ann"))
    assert by_key().all(key="' OR 1=1 --") == []


def test_a_forgotten_parameter_is_a_mistake_and_no_empty_answer(app: Flask) -> None:
    statement = select(Subscriber.key).where(Subscriber.key == bindparam("key", required=True))
    with pytest.raises(Exception, match="A value is required for bind parameter 'key'"):
        Prepared(statement, str).all()


def test_the_present_moment_is_asked_at_each_use(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    save(subscriber("ann", MOMENT))
    past = Prepared(select(Subscriber.key).where(Subscriber.asked_at <= this_moment()), str)
    found = []
    for hour in (9, 11):
        at = MOMENT.replace(hour=hour)
        monkeypatch.setattr(clock, "datetime", SimpleNamespace(now=lambda _zone, at=at: at))
        found.append(past.all())
    assert found == [[], ["ann"]]


def test_it_reads_in_the_transaction_of_the_session(app: Flask) -> None:
    db.session.add(subscriber("ann"))
    db.session.flush()
    assert by_key().first(key="ann") == ("ann", MOMENT)
    db.session.rollback()
    assert by_key().first(key="ann") is None


def test_threads_may_ask_the_first_time_together(app: Flask) -> None:
    save(subscriber("ann"))
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)  # threads take turns in the middle of everything
    try:
        for _ in range(20):
            ask_together(app, by_key())
    finally:
        sys.setswitchinterval(before)


def ask_together(app: Flask, question: Prepared[tuple[str, datetime]]) -> None:
    together = Barrier(4)
    answers: list[tuple[str, datetime] | None] = []

    def ask() -> None:
        with app.app_context():
            together.wait(timeout=30)
            answers.append(question.first(key="ann"))

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert answers == [("ann", MOMENT)] * 4
    assert question.first(key="ann") == ("ann", MOMENT)
