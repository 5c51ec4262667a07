"""What makes the proof of consent one: the database itself refuses to change it, whoever asks."""

from collections.abc import Iterator

from sqlalchemy import inspect

from blog.lib.triggers import Trigger

from .models import Consent

BLANKED = ("address", "page", "note")
"""What erasure may blank; everything else stays as it was."""
_REFUSED = "RAISE(ABORT, 'The records of consent are only ever added to.')"


def kept_proofs() -> Iterator[Trigger]:
    """Yield the triggers that let nobody change the records of consent.

    Those of somebody who never confirmed may be deleted; they prove nothing, and are a stranger's address at times.
    """
    same = [f"new.{name} IS old.{name}" for name in _columns() if name not in BLANKED]
    blanked = [f"(new.{name} IS old.{name} OR new.{name} = '')" for name in BLANKED]
    yield _refusing("update", "UPDATE", f"NOT ({' AND '.join(same + blanked)})")
    yield _refusing(
        "delete",
        "DELETE",
        "EXISTS (SELECT 1 FROM subscriber WHERE id = old.subscriber_id AND confirmed_at IS NOT NULL) OR "
        "EXISTS (SELECT 1 FROM consent WHERE subscriber_id = old.subscriber_id AND deed = 'confirmed')",
    )
    # INSERT OR REPLACE deletes without asking the trigger above.
    yield _refusing("replace", "INSERT", "EXISTS (SELECT 1 FROM consent WHERE id = new.id)")


def _columns() -> list[str]:
    return [column.name for column in inspect(Consent).local_table.columns]


def _refusing(name: str, change: str, when: str) -> Trigger:
    return Trigger(
        f"consent_{name}",
        f"CREATE TRIGGER consent_{name} BEFORE {change} ON consent WHEN {when} BEGIN SELECT {_REFUSED}; END",
    )
