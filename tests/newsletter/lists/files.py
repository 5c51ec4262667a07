"""Lists as files, and what is in the database after one came in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from blog.lib.db import db
from blog.newsletter.lists.deciding import Bucket
from blog.newsletter.lists.importing import Account, Options, import_list

BASIS = "They ticked a box at the fair in May."


def quiet(*_: object) -> None:
    """Hear nothing."""


def bring(path: Path, text: str | bytes, **options: Any) -> dict[str, int]:
    """Bring in a list of this content; return the sums that are not zero."""
    (path / "list.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return sums(
        import_list(path / "list.csv", Options(**{"basis": BASIS} | options), note=quiet, progress=quiet)
    )


def sums(account: Account) -> dict[str, int]:
    """Return the sums of an account, without the zeros."""
    return {bucket.value: account.sums[bucket] for bucket in Bucket if account.sums[bucket]}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables of the database."""
    db.session.rollback()
    names = db.session.execute(db.text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    found = {
        name: [tuple(row) for row in db.session.execute(db.text(f'SELECT * FROM "{name}"'))] for name in names
    }
    db.session.rollback()
    return found


@contextmanager
def unchanged() -> Iterator[None]:
    """Expect that nothing in the database changes inside."""
    before = everything()
    yield
    assert everything() == before
