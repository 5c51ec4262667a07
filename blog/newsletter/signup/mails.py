"""The mails that signing up leads to: who composes each, whether it may still go, and what follows once it went."""

from blog.lib.clock import now
from blog.lib.db import db
from blog.newsletter.links import leave_url, preferences_url
from blog.newsletter.mail import confirmation as mails
from blog.newsletter.mail.shell import Links
from blog.newsletter.models import MailedLink, Subscriber
from blog.outbox.kinds import Kind, Letter, nothing_follows
from blog.outbox.models import Delivery, State
from blog.outbox.suppressing import is_suppressed

from .caps import ALREADY, CONFIRMATION
from .codes import code_of, confirm_url
from .welcoming import WELCOME


def _compose_confirmation(delivery: Delivery) -> Letter | None:
    link = _link_of(delivery)
    if link is None:
        return None
    return mails.confirmation(delivery.address, code=code_of(link), link=confirm_url(link))


def _may_still_ask(delivery: Delivery) -> bool:
    """Tell whether there is still something to confirm, and somebody who asked for it."""
    link, subscriber = _link_of(delivery), _subscriber_of(delivery)
    if link is None or link.used_at is not None or subscriber is None or subscriber.address is None:
        return False
    return subscriber.left_at is None or subscriber.left_at <= link.made_at


def _note_arrival(delivery: Delivery) -> None:
    """Let the time of what was mailed begin: a code that lives an hour may have waited for the mail server for two."""
    link, subscriber = _link_of(delivery), _subscriber_of(delivery)
    if delivery.state is not State.SENT or link is None or subscriber is None:
        return
    at = now()
    link.made_at = max(link.made_at, at)
    subscriber.first_mailed_at = subscriber.first_mailed_at or at


def _compose_already(delivery: Delivery) -> Letter | None:
    subscriber = _subscriber_of(delivery)
    return mails.already(delivery.address, links=_links(subscriber)) if subscriber else None


def _compose_welcome(delivery: Delivery) -> Letter | None:
    subscriber = _subscriber_of(delivery)
    return mails.welcome(delivery.address, links=_links(subscriber)) if subscriber else None


def _is_in(delivery: Delivery) -> bool:
    """Tell whether the recipient is still in."""
    subscriber = _subscriber_of(delivery)
    if subscriber is None or subscriber.address is None or subscriber.left_at is not None:
        return False
    return subscriber.confirmed_at is not None and not is_suppressed(subscriber.hash)


def _link_of(delivery: Delivery) -> MailedLink | None:
    return db.session.get(MailedLink, delivery.about_id) if delivery.about_id is not None else None


def _subscriber_of(delivery: Delivery) -> Subscriber | None:
    return db.session.get(Subscriber, delivery.recipient_id) if delivery.recipient_id is not None else None


def _links(subscriber: Subscriber) -> Links:
    return Links(leave=leave_url(subscriber), preferences=preferences_url(subscriber, now()))


KINDS = (
    Kind(CONFIRMATION, _compose_confirmation, _may_still_ask, _note_arrival),
    Kind(ALREADY, _compose_already, _is_in, nothing_follows),
    Kind(WELCOME, _compose_welcome, _is_in, nothing_follows),
)
