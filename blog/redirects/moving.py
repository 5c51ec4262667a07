"""Keeping old addresses alive when something moves."""

import unicodedata

from sqlalchemy import delete, select, update

from blog.lib.db import db
from blog.lib.refusing import Refused

from .models import Redirect


def tidy_path(typed: str) -> str:
    """Return an old address as it is kept: a path on this site, decoded, without a trailing slash."""
    path = unicodedata.normalize("NFC", typed.strip())
    if (
        not path.startswith("/")
        or path.startswith("//")
        or "?" in path
        or "#" in path
        or "\\" in path
        or not path.isprintable()
    ):
        raise Refused(f"An old address is a path such as /post/sleep; “{typed}” is not.")
    return path.rstrip("/") or "/"


def move(old: str, new: str) -> None:
    """Let the old address lead to the new one, and what led to the old one too."""
    if old == new:
        return
    db.session.execute(update(Redirect).where(Redirect.target == old).values(target=new))
    db.session.execute(delete(Redirect).where(Redirect.path.in_((old, new))))
    db.session.add(Redirect(path=old, target=new))
    db.session.flush()


def add_old_addresses(target: str, paths: list[str]) -> None:
    """Make these paths lead to the target too; an old address once given is never taken back."""
    wanted = {tidy_path(path) for path in paths} - {target}
    taken = {row.path: row for row in db.session.scalars(select(Redirect).where(Redirect.path.in_(wanted)))}
    for path in sorted(wanted):
        found = taken.get(path)
        if found is None:
            db.session.add(Redirect(path=path, target=target))
        elif found.target != target:
            raise Refused(f"The old address {path} already leads to {found.target}.")
    db.session.flush()


def target_of(path: str) -> str | None:
    """Return where an old address leads, or None."""
    return db.session.scalar(
        select(Redirect.target).where(
            Redirect.path == (unicodedata.normalize("NFC", path).rstrip("/") or "/")
        )
    )
