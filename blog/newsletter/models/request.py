"""Requests for the newsletter that wait for the worker, and the links it mailed."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class SignupRequest(Model):
    """One accepted post of a signup form; the worker decides whether a mail follows."""

    __tablename__ = "signup_request"
    __table_args__ = (
        Index("ix_signup_request_waiting", "answered_at", "later", "turn", "id"),
        Index("ix_signup_request_of_one", "subscriber_id", "answered_at", "turn"),
        UNSEEN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    seed: Mapped[str]
    """Random; part of the signed handle that the code form carries."""
    network: Mapped[str]
    """Keyed hash of the client's network."""
    browser: Mapped[str]
    """Hash of the random cookie of the browser that asked."""
    later: Mapped[bool]
    """Whether it waits in the lane that is mailed slowly: its client asked for so much, or a cap was reached."""
    turn: Mapped[int] = mapped_column(default=1)
    """How many posts its client made within the hour: of those who wait, whoever asked for little goes first."""
    tries: Mapped[int] = mapped_column(default=0)
    """Codes typed under this request that did not fit."""
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")
    """What the worker decided: mailed, or why not."""


class Purpose(enum.StrEnum):
    """What a mailed link is good for; no link is good for two things."""

    CONFIRM = "confirm"
    ADDRESS = "address"
    """To allow a change of address; mailed to the present one."""
    MOVE = "move"
    """To confirm it; mailed to the new one."""
    DOWNLOAD = "download"
    ERASE = "erase"
    FOLLOW = "follow"


class MailedLink(Model):
    """A link, and for a confirmation a code, that was mailed: good for one purpose, once."""

    __tablename__ = "mailed_link"
    __table_args__ = (
        Index("ix_mailed_link_lately", "subscriber_id", "made_at"),
        Index("ix_mailed_link_purpose", "purpose", "made_at"),
        UNSEEN,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscriber.id", ondelete="CASCADE"))
    request_id: Mapped[int | None] = mapped_column(
        ForeignKey("signup_request.id", ondelete="SET NULL"), index=True
    )
    purpose: Mapped[Purpose] = mapped_column(
        Enum(Purpose, native_enum=False, length=10, values_callable=lambda all_: [one.value for one in all_])
    )
    made_at: Mapped[datetime]
    seed: Mapped[str]
    """Random; what its token and its code are made from, together with the standing key."""
    browser: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    """Wrong codes; never reset."""
    used_at: Mapped[datetime | None]
    data: Mapped[Any] = mapped_column(JSON, default=dict)
    """Such as the new address of a change."""
