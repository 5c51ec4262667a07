"""The words beside the form, and the record of every version that was ever shown."""

import hashlib

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.prepared import Prepared
from blog.lib.words import gettext as _
from blog.newsletter.models import Wording
from blog.settings import identity

_BY_KEY = Prepared(select(Wording.id).where(Wording.key == bindparam("key")), int)


def shown_words() -> str:
    """Return what a visitor agrees to by signing up, in the site's language."""
    sender = identity.publisher_name()
    return _(
        "By signing up you agree that %(sender)s sends you its newsletter by e-mail. You can leave at any time.",
        sender=sender,
    )


def key_of(words: str) -> str:
    """Return the key that forms carry for these words."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def keep_shown_words() -> None:
    """Record the words as they are shown now. Called when the site is set up or a setting changes."""
    words = shown_words()
    values = {"key": key_of(words), "language": identity.language.get(), "text": words, "made_at": now()}
    db.session.execute(insert(Wording).values(values).on_conflict_do_nothing(index_elements=["key"]))


def recorded(key: str) -> int | None:
    """Return the id of the words with this key, or None where no such words were ever shown."""
    known = _BY_KEY.first(key=key)
    if known is None and key == key_of(shown_words()):
        keep_shown_words()
        known = _BY_KEY.first(key=key)
    return known
