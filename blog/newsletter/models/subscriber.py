"""A subscriber, what they chose, and what their mailbox said."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class Subscriber(Model):
    """One mailbox. Pending until it is confirmed; nothing else about the person is kept."""

    __tablename__ = "subscriber"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str | None]
    """As typed at the first request; null once erased."""
    key: Mapped[str | None] = mapped_column(unique=True)
    """As compared: lib/addresses.py; null once erased."""
    hash: Mapped[str] = mapped_column(index=True)
    """Keyed hash of `key` (outbox/standing.py); stays when the address is erased."""
    seed: Mapped[str]
    """Random; part of every link that is mailed to this subscriber."""
    leave_hash: Mapped[str] = mapped_column(unique=True)
    """Hash of the token in the links of leaving, which never expire."""
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_again_at: Mapped[datetime]
    first_mailed_at: Mapped[datetime | None]
    """When the first confirmation mail was delivered; unconfirmed, the address is purged 30 days later."""
    confirmed_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    """When they left, bounced for good or complained; null again after a fresh confirmation."""
    paused_until: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    all_topics: Mapped[bool] = mapped_column(default=True)
    """Where it is false, SubscriberTopic lists the chosen ones."""
    bounce_score: Mapped[int] = mapped_column(default=0)
    bounced_on: Mapped[date | None]
    """The last day a soft bounce was counted."""
    import_id: Mapped[int | None] = mapped_column(ForeignKey("subscriber_import.id"))
    """The import that brought them."""


class SubscriberTopic(Model):
    """A category that a subscriber wants to hear of."""

    __tablename__ = "subscriber_topic"
    __table_args__ = UNSEEN

    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscriber.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(
        ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class SubscriberImport(Model):
    """One list that was brought in; undoable as a whole."""

    __tablename__ = "subscriber_import"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    name: Mapped[str]
    basis: Mapped[str]
    """On what consent the list stands, in the team's words."""
    digest: Mapped[str]
    """SHA-256 of the file, in hex: an import that was broken off goes on when it comes again."""
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class Follow(Model):
    """A subscriber's wish to be told when an article changes."""

    __tablename__ = "follow"
    __table_args__ = (UniqueConstraint("subscriber_id", "article_id"), UNSEEN)

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    known_change: Mapped[str]
    """The change they know of: the article's updated and reviewed dates when they asked, or were last told."""


class FollowRequest(Model):
    """Somebody asked to follow an article and waits for the worker; goes when it was answered, whatever the answer.

    The address is not kept: whoever may follow is found by its hash.
    """

    __tablename__ = "follow_request"
    __table_args__ = (UniqueConstraint("hash", "article_id"), UNSEEN)

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]


class Bounce(Model):
    """A report that a message came back, or was called unwanted."""

    __tablename__ = "bounce"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    hash: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    """hard, soft, policy or complaint."""
    at: Mapped[datetime]
    status: Mapped[str]
    """The enhanced status code and the diagnosis, without addresses."""
