"""The standing key: what addresses are hashed and mailed links are sealed with; it never rotates."""

import hmac
import os
import secrets
from pathlib import Path

from flask import current_app
from sqlalchemy import select

from blog.lib.db import db
from blog.lib.refusing import Refused

from .models import Mailroom

KEY_FILE = "standing_key"
"""In the data folder, mode 0600: a backup of the folder holds the key, whatever became of the database."""
_REMEMBERED = "standing key"


def standing_key() -> bytes:
    """Return the key; remembered by the process, since it is the same for ever."""
    known: bytes | None = current_app.extensions.get(_REMEMBERED)
    if known is None:
        known = bytes.fromhex(db.session.scalars(select(Mailroom.standing_key)).one())
        current_app.extensions[_REMEMBERED] = known
    return known


def hash_of(address_key: str) -> str:
    """Return the keyed hash of an address as compared (lib/addresses.py): 64 hex digits."""
    return hmac.new(standing_key(), f"address {address_key}".encode(), "sha256").hexdigest()


def new_seed() -> str:
    """Return something random for a row whose links must not open another's."""
    return secrets.token_hex(8)


def keep_standing_key() -> None:
    """Let the file and the database hold the same key. Call inside write(), when the site is set up.

    Raises Refused where both hold one and they differ: every hash of one of them would be worth nothing.
    """
    path = Path(current_app.config["INSTANCE"]) / KEY_FILE
    kept = db.session.scalars(select(Mailroom.standing_key)).one()
    if not path.exists():
        _write_new(path, kept)
    elif path.read_text("utf-8").strip() != kept:
        raise Refused(
            f"{path} holds another key than the database, which was made with another data folder: bring the "
            "folder's own database back, or move the file away together with the file of suppressed addresses."
        )


def _write_new(path: Path, key: str) -> None:
    fresh = path.with_name(f".{KEY_FILE}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
