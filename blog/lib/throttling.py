"""Counts of what one client did lately: hashed, kept across restarts, shared by all processes."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import BindParameter, bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Mapped, mapped_column

from .db import UNSEEN, Model, db
from .prepared import Prepared

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


_client: BindParameter[str] = bindparam("whose")
_minute: BindParameter[int] = bindparam("when")
_count = Prepared(
    insert(Tries)
    .values(client=_client, minute=_minute, count=1)
    .on_conflict_do_update(index_elements=["client", "minute"], set_={"count": Tries.count + 1}),
    tuple,
)
_forget = Prepared(delete(Tries).where(Tries.minute <= _minute - HOUR), tuple)
_pace = Prepared(
    select(
        func.coalesce(func.sum(Tries.count).filter(Tries.minute > _minute - 10), 0),
        func.coalesce(func.sum(Tries.count), 0),
    ).where(Tries.client == _client, Tries.minute > _minute - HOUR),
    Pace,
)


def count_try(what: str, network: str, at: datetime) -> Pace:
    """Count one more try and return the client's pace. Call inside write()."""
    client, minute = client_key(what, network), _minute_of(at)
    _count.run(whose=client, when=minute)
    forget_old_tries(at)
    return _pace.first(whose=client, when=minute) or Pace(0, 0)


def pace_of(what: str, network: str, at: datetime) -> Pace:
    """Return how often a client tried this lately, without counting."""
    return _pace.first(whose=client_key(what, network), when=_minute_of(at)) or Pace(0, 0)


def forget_old_tries(at: datetime) -> None:
    """Delete what is older than an hour. Call inside write()."""
    _forget.run(when=_minute_of(at))


def wait_until_fewer(what: str, network: str, most: int, at: datetime) -> timedelta:
    """Return how long the client must wait until fewer than `most` of its tries lie in the last hour."""
    query = select(Tries.minute, Tries.count).where(Tries.client == client_key(what, network))
    left = most - 1
    for minute, count in db.session.execute(query.order_by(Tries.minute.desc())):
        left -= count
        if left < 0:
            return timedelta(minutes=minute + HOUR - _minute_of(at))
    return timedelta(0)


def _minute_of(at: datetime) -> int:
    return int(at.timestamp()) // 60


def client_key(what: str, network: str) -> str:
    """Return the keyed hash of a client's network for one thing it does: 32 hex digits."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"{what} {network}".encode(), "sha256").hexdigest()[:32]
