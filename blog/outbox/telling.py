"""Telling the team what needs a person: once, until it is over."""

import logging

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.settings.declaring import Setting

from .models import Notice
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
    db.session.merge(Notice(key=key, sentence=sentence, since=now(), over_at=None))
    _log.warning("%s", sentence)
    if team.get():
        post(NOTICE, team.get(), at=now())


def all_clear(key: str) -> None:
    """Note that it is over: the next time is told again. Call inside write()."""
    known = db.session.get(Notice, key)
    if known is not None and known.over_at is None:
        known.over_at = now()
