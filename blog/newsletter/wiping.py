"""Wiping the bytes of an erased address out of the data folder: kept mail, the database's log, old snapshots."""

import time
from collections.abc import Iterable
from datetime import timedelta
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.parser import HeaderParser
from email.utils import getaddresses
from pathlib import Path

from flask import current_app

from blog.lib.addresses import address_from
from blog.lib.clock import now
from blog.lib.db import db, fold_log
from blog.lib.locking import writers_lock
from blog.lib.migrating import forget_snapshots
from blog.settings.declaring import Setting, whole_number

TRIES, PAUSE = 20, 0.1
"""How often the log is folded, and the seconds between: a reader that needs it is done within moments."""
_HEAD = 64 * 1024
"""Bytes of a message in which its recipient is named."""


backup_days = Setting(
    "newsletter.backup_days",
    "30",
    "How many days backups are kept at most, as the page of preferences promises; snapshots made before an "
    "upgrade are removed after that many days.",
    whole_number(1, 3650),
)


def wipe(addresses: Iterable[str]) -> bool:
    """Remove what names these addresses outside the database's rows; call after the commit that erased them.

    Returns whether the database's log is empty now; else the next checkpoint empties it.
    """
    keys = {address.key for typed in addresses if (address := address_from(typed))}
    _remove_mail(keys)
    db.session.rollback()  # what this thread reads must not hold the log
    for _ in range(TRIES):
        with writers_lock():
            if fold_log():
                return True
        time.sleep(PAUSE)
    return False


def age_out_snapshots() -> None:
    """Remove the snapshots that were made before upgrades longer ago than backups are kept."""
    forget_snapshots(now() - timedelta(days=int(backup_days.get())))


def _remove_mail(keys: set[str]) -> None:
    """Remove the kept messages to these addresses, where mail goes into a folder."""
    folder: Path = current_app.config["INSTANCE"] / current_app.config["MAIL"].folder
    for path in [*folder.glob("*.eml"), *folder.glob(".*.part")]:
        if keys & _recipients(path):
            path.unlink(missing_ok=True)


def _recipients(path: Path) -> set[str]:
    """Return the addresses that a kept message is for, as compared, however its header writes them."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode(errors="replace")
    except OSError:
        return set()
    lines = HeaderParser().parsestr(head, headersonly=True).get_all("To", [])
    named = getaddresses([_decoded(line) for line in lines])
    return {address.key for _name, typed in named if (address := address_from(typed))}


def _decoded(line: str) -> str:
    try:
        return str(make_header(decode_header(line)))
    except (
        HeaderParseError,
        ValueError,
        LookupError,
    ):  # encoded words that are none, or of a script that is unknown
        return line
