"""The ledger of mail: every message with what became of it, and the addresses that get none."""

import enum
from datetime import datetime

from sqlalchemy import Enum, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class State(enum.StrEnum):
    """How far a delivery got. Only the first three (OPEN) can still change by themselves."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    """A worker holds it until `claimed_until`; nothing of it was accepted by a mail server yet."""
    DELIVERING = "delivering"
    """Its final dot is about to be sent, or was: from here on it may have arrived."""
    SENT = "sent"
    FAILED = "failed"
    SUPPRESSED = "suppressed"
    """Its recipient must not get it any more."""
    IN_DOUBT = "in doubt"
    """The worker or the connection died around the final dot: perhaps it arrived."""


OPEN = (State.QUEUED, State.CLAIMED, State.DELIVERING)
"""In which a delivery is not settled yet."""


class Mailroom(Model):
    """What is known of the whole outbox; one row."""

    __tablename__ = "mailroom"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    instance: Mapped[str]
    """Which data these are; a small file beside the database says the same (fencing)."""
    standing_key: Mapped[str]
    """In hex; never changes (standing.py)."""
    mark: Mapped[int] = mapped_column(default=0)
    """Rises with every step that must not be taken twice; the file beside the database has seen the highest."""
    fenced_at: Mapped[datetime | None]
    fenced_because: Mapped[str] = mapped_column(default="")
    stopped_at: Mapped[datetime | None]
    """Since when the mail server refuses everything, as with a wrong password."""
    stopped_because: Mapped[str] = mapped_column(default="")
    ignored_reports: Mapped[int] = mapped_column(default=0)
    """Reports of returned mail that were about nothing we sent: forged, or somebody else's."""


class Batch(Model):
    """Deliveries of one thing to many, such as an issue; whoever made it knows what it is."""

    __tablename__ = "batch"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    made_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    paused_because: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]


class Delivery(Model):
    """One message to one recipient: a row of the ledger. Never deleted; erasure blanks its address."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("batch_id", "recipient_id"),
        Index("ix_delivery_open", "state", "urgent", "next_try_at"),
        Index("ix_delivery_message_id", "message_id", sqlite_where=text("message_id != ''")),
        Index("ix_delivery_of_batch", "batch_id", "state", "next_try_at"),
        UNSEEN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    """Who composes it (kinds.py)."""
    urgent: Mapped[bool]
    """Transactional: goes first, and goes again when in doubt. Others go at most once."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    recipient_id: Mapped[int | None]
    """Whom it is for, in the words of whoever composes it."""
    about_id: Mapped[int | None]
    """What it is about, in the words of whoever composes it."""
    address: Mapped[str] = mapped_column(default="")
    """Where to; empty where the one who composes it says so, and after it was settled."""
    hash: Mapped[str] = mapped_column(index=True)
    """Keyed hash of the address (standing.py)."""
    domain: Mapped[str]
    """Of the address, in its ASCII form."""
    made_at: Mapped[datetime]
    state: Mapped[State] = mapped_column(
        Enum(State, native_enum=False, length=10, values_callable=lambda states: [s.value for s in states]),
        default=State.QUEUED,
    )
    tries: Mapped[int] = mapped_column(default=0)
    first_tried_at: Mapped[datetime | None]
    """When it was first claimed; what is still refused for now three days later has failed."""
    tried_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it was last claimed; the rates per minute are counted by it (pacing.py)."""
    next_try_at: Mapped[datetime]
    claim: Mapped[str] = mapped_column(default="")
    """Which worker holds it; made anew at each claim."""
    claimed_until: Mapped[datetime | None]
    message_id: Mapped[str] = mapped_column(default="")
    """Chosen at the first claim, the same on every try."""
    settled_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """The last answer of the mail server, without addresses."""
    stopped_at: Mapped[datetime | None]
    """When it was last refused in words that are about everybody (settling.py)."""


class Suppression(Model):
    """An address that gets nothing, known by its keyed hash alone; outranks everything."""

    __tablename__ = "suppression"
    __table_args__ = UNSEEN

    hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    """left, bounced, complained or erased."""
    at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    """By a fresh confirmed signup, or by the undo on the page of leaving."""


class Notice(Model):
    """Something that the team was told, once; it is told again only after it was over."""

    __tablename__ = "notice"
    __table_args__ = UNSEEN

    key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """What its mail names it by; new each time it is told."""
    sentence: Mapped[str]
    since: Mapped[datetime]
    over_at: Mapped[datetime | None]
