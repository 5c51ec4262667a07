"""Telling the team what needs a person: once, until it is over."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.settings.declaring import Setting

from .kinds import Kind, Letter, nothing_follows
from .models import Delivery, Notice
from .posting import post

NOTICE = "notice"
"""The kind of mail that carries a notice (kinds.py)."""

_log = logging.getLogger(__name__)


def _address(typed: str) -> str:
    value = typed.strip()
    if value and address_from(value) is None:
        raise Refused(f"“{value}” is not an e-mail address.")
    return value


team = Setting("mail.team", "", "Who is told when mail needs a person: an e-mail address.", _address)


def tell_team(key: str, sentence: str) -> None:
    """Tell the team, unless it was told and it is not over yet. Call inside write()."""
    known = db.session.get(Notice, key)
    if known is not None and known.over_at is None:
        return
    number = (db.session.scalars(select(func.max(Notice.number))).one() or 0) + 1
    at = now()
    db.session.merge(Notice(key=key, number=number, sentence=sentence, since=at, over_at=None))
    _log.warning("%s", sentence)
    if team.get():
        post(NOTICE, team.get(), at=at, about=number)


def all_clear(key: str) -> None:
    """Note that it is over: the next time is told again. Call inside write()."""
    known = db.session.get(Notice, key)
    if known is not None and known.over_at is None:
        known.over_at = now()


def notice_kind(compose: Callable[[str, str, datetime], Letter]) -> Kind:
    """Return the kind of mail that carries a notice; `compose` gets the address, the sentence and since when."""

    def say(delivery: Delivery) -> Letter | None:
        about = select(Notice).where(Notice.number == delivery.about_id)
        notice = db.session.scalars(about).one_or_none()
        # One that was over before it went out, or told again since, needs nobody any more.
        if notice is None or notice.over_at is not None:
            return None
        return compose(delivery.address, notice.sentence, notice.since)

    return Kind(NOTICE, say, may_still_send=lambda _: True, settled=nothing_follows)
