"""The proof that somebody asked, confirmed, left: only ever added to."""

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class Deed(enum.StrEnum):
    """What a subscriber did, or what was done for them."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    IMPORTED = "imported"
    LEFT = "left"
    CAME_BACK = "came back"
    """Undid leaving, on its page."""
    CHANGED_ADDRESS = "changed address"
    ERASED = "erased"


class Method(enum.StrEnum):
    """By which way."""

    CODE = "code"
    SAME_BROWSER = "same browser"
    BUTTON = "button"
    """The link opened in another browser, and its button pressed: by a person, or a scanner that presses buttons."""
    IMPORT = "import"
    PAGE = "page"
    ONE_CLICK = "one-click"
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    TEAM = "team"


def _words(kind: type[enum.StrEnum]) -> Enum:
    return Enum(kind, native_enum=False, length=16, values_callable=lambda all_: [one.value for one in all_])


class Wording(Model):
    """Words that a visitor agreed to; never changed once made, since consent records point at it."""

    __tablename__ = "wording"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    """Start of the SHA-256 of the words, in hex; forms carry it."""
    language: Mapped[str]
    text: Mapped[str]
    made_at: Mapped[datetime]


class Consent(Model):
    """One deed of a subscriber: what, when, where, under which words. The database lets nobody change it.

    Erasure alone blanks the address; the keyed hash, the times, the method and the words stay.
    """

    __tablename__ = "consent"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    deed: Mapped[Deed] = mapped_column(_words(Deed), default=Deed.ASKED)
    at: Mapped[datetime]
    address: Mapped[str]
    hash: Mapped[str]
    page: Mapped[str] = mapped_column(default="")
    """Path of the page that the form stood on."""
    place: Mapped[str] = mapped_column(default="")
    """Which form of that page."""
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"))
    """Null where the post named no words that were ever shown."""
    method: Mapped[Method | None] = mapped_column(_words(Method))
    """How it was confirmed, or how they left; null for a request."""
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"), index=True)
    """The request that this confirms."""
    note: Mapped[str] = mapped_column(default="")
    """On what an imported consent stands."""
