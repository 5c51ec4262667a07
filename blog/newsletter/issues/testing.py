"""A draft as a mail to oneself, before anybody else gets it."""

from datetime import datetime

from blog.lib.addresses import address_from
from blog.lib.refusing import Refused
from blog.newsletter.models import Issue
from blog.outbox.models import Delivery
from blog.outbox.posting import post
from blog.outbox.standing import hash_of
from blog.outbox.suppressing import is_suppressed

TEST = "test"
"""The kind of mail that carries a draft to the team (letters.py)."""


def send_test(issue: Issue, to: str, *, at: datetime) -> Delivery:
    """Queue the issue as it is now, marked as a test, to one address. Call inside write().

    Raises Refused for what is no address, and for one that asked to be left alone.
    """
    address = address_from(to)
    if address is not None and is_suppressed(hash_of(address.key)):
        raise Refused(f"“{to}” gets no mail from here: it left, bounced, or was erased.")
    return post(TEST, to, at=at, about=issue.id)
