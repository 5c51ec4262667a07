"""An issue of the newsletter: what it says, whom it is for, how far it is."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.clock import now
from blog.lib.db import Model


class Stage(enum.StrEnum):
    """How far an issue is, derived from what happened when."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    HOLDING = "holding"
    LATE = "late"
    """Its moment passed hours ago while no worker was there: somebody must say again that it is to go."""
    SENDING = "sending"
    DONE = "done"


class Issue(Model):
    """One issue. Its words are frozen when sending starts."""

    __tablename__ = "issue"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    preview: Mapped[str] = mapped_column(default="")
    """What inboxes show beside the subject."""
    body: Mapped[str] = mapped_column(default="")
    """Markdown."""
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    digest_of: Mapped[str] = mapped_column(default="")
    """Which digest it is a draft of, such as 2026-W12; empty where a person began it."""
    counted: Mapped[int | None]
    """How many people it goes to, as typed by whoever said Send."""
    send_at: Mapped[datetime | None]
    """When it goes: the end of the hold, or what it is scheduled for."""
    held: Mapped[bool] = mapped_column(default=False)
    """Whether `send_at` is the end of a hold, begun by Send."""
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("batch.id"))
    started_at: Mapped[datetime | None]
    """When its recipients and words were frozen."""
    done_at: Mapped[datetime | None]
    frozen: Mapped[Any] = mapped_column(JSON, default=dict)
    """Its words as they were sent, nothing personal in them (issues: freezing)."""

    LATE_SECONDS = 3 * 60 * 60

    @property
    def stage(self) -> Stage:
        """Tell how far it is at this moment."""
        if self.started_at:
            return Stage.DONE if self.done_at else Stage.SENDING
        if self.send_at is None:
            return Stage.DRAFT
        if (now() - self.send_at).total_seconds() > self.LATE_SECONDS:
            return Stage.LATE
        return Stage.HOLDING if self.held else Stage.SCHEDULED


class IssueArticle(Model):
    """An article that an issue tells of."""

    __tablename__ = "issue_article"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True)
    article_id: Mapped[int] = mapped_column(
        ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]


class IssueTopic(Model):
    """A category that an issue is for; none at all: for everybody."""

    __tablename__ = "issue_topic"

    issue_id: Mapped[int] = mapped_column(ForeignKey("issue.id", ondelete="CASCADE"), primary_key=True)
    category_id: Mapped[int] = mapped_column(ForeignKey("category.id"), primary_key=True, index=True)
