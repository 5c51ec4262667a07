"""Counts of what one client did lately: hashed, kept across restarts, shared by all processes."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Mapped, mapped_column

from .db import UNSEEN, Model, db

HOUR = 60


class Tries(Model):
    """How often one client tried one thing in one minute; rows older than an hour are deleted."""

    __tablename__ = "tries"
    __table_args__ = UNSEEN

    client: Mapped[str] = mapped_column(primary_key=True)
    """Keyed hash of the thing and the client's network: nobody can read an address out of it."""
    minute: Mapped[int] = mapped_column(primary_key=True, index=True)
    """Minutes since 1970."""
    count: Mapped[int]


@dataclass(frozen=True)
class Pace:
    """How often a client tried lately, this try included."""

    last_ten_minutes: int
    last_hour: int


def count_try(what: str, network: str, at: datetime) -> Pace:
    """Count one more try and return the client's pace. Call inside write()."""
    client, minute = _client(what, network), _minute(at)
    statement = insert(Tries).values(client=client, minute=minute, count=1)
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["client", "minute"], set_={"count": Tries.count + 1})
    )
    forget_old_tries(at)
    row = db.session.execute(
        select(
            func.coalesce(func.sum(Tries.count).filter(Tries.minute > minute - 10), 0),
            func.coalesce(func.sum(Tries.count), 0),
        ).where(Tries.client == client)
    ).one()
    return Pace(row[0], row[1])


def forget_old_tries(at: datetime) -> None:
    """Delete what is older than an hour. Call inside write()."""
    db.session.execute(delete(Tries).where(Tries.minute <= _minute(at) - HOUR))


def wait_until_fewer(what: str, network: str, most: int, at: datetime) -> timedelta:
    """Return how long the client must wait until fewer than `most` of its tries lie in the last hour."""
    query = select(Tries.minute, Tries.count).where(Tries.client == _client(what, network))
    left = most - 1
    for minute, count in db.session.execute(query.order_by(Tries.minute.desc())):
        left -= count
        if left < 0:
            return timedelta(minutes=minute + HOUR - _minute(at))
    return timedelta(0)


def _minute(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _client(what: str, network: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"{what} {network}".encode(), "sha256").hexdigest()[:32]
