"""A subscriber, and the proof that they asked."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class Subscriber(Model):
    """One mailbox. Pending until it is confirmed; nothing else about the person is kept."""

    __tablename__ = "subscriber"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    """As typed at the first request."""
    key: Mapped[str] = mapped_column(unique=True)
    """As compared: lib/addresses.py."""
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_again_at: Mapped[datetime]


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
    """One request for the newsletter: what was typed, when, where, and under which words. Only ever added to."""

    __tablename__ = "consent"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id"), index=True)
    address: Mapped[str]
    asked_at: Mapped[datetime]
    page: Mapped[str]
    """Path of the page that the form stood on."""
    place: Mapped[str]
    """Which form of that page."""
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"))
    """Null where the post named no words that were ever shown."""
    mail_later: Mapped[bool]
    """Whether this client asked for so much that its confirmation mail should wait."""
