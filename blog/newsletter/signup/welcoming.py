"""Welcoming whoever confirmed: one mail, unless the team wants none or the person got it lately."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from blog.lib.db import db
from blog.newsletter.models import Subscriber
from blog.outbox.models import Delivery
from blog.outbox.posting import post
from blog.settings.declaring import Setting, one_of

WELCOME = "welcome"
ONCE_IN = timedelta(days=30)

wanted = Setting(
    "newsletter.welcome", "on", "Whether a mail welcomes whoever confirmed: on or off.", one_of("on", "off")
)


def welcome(subscriber: Subscriber, *, at: datetime) -> None:
    """Queue the welcome mail. Call inside write(), after a confirmation."""
    if wanted.get() != "on" or subscriber.address is None:
        return
    lately = select(Delivery.id).where(
        Delivery.hash == subscriber.hash, Delivery.kind == WELCOME, Delivery.made_at > at - ONCE_IN
    )
    if not db.session.scalar(select(exists(lately))):
        post(WELCOME, subscriber.address, at=at, recipient=subscriber.id)
