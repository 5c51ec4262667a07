"""Forgetting who never confirmed: their address goes 30 days after the first mail reached their mailbox."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, update

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.models import Consent, MailedLink, Purpose, SignupRequest, Subscriber
from blog.outbox.models import OPEN, Delivery

from .confirming import LINK_LIVES

KEPT = timedelta(days=30)
WISHES_KEPT = timedelta(days=1)
REQUESTS_AT_ONCE = 1_000
AT_ONCE = 100
"""Subscribers that go in one transaction, which visitors' posts wait for."""


def purge_unconfirmed() -> None:
    """Forget everybody who was asked to confirm 30 days ago and never did. A chore: opens its own transactions.

    Their requests, proofs and links go with them; the ledger of mail keeps the keyed hash of the address. Requests
    that were answered 30 days ago go, whoever made them, and addresses that somebody wished to move to a day ago.
    """
    while whose := _due(now()):
        with write() as session:
            hashes = select(Subscriber.hash).where(Subscriber.id.in_(whose))
            # The domain alone may name a person, and a mail server's answer may name the domain.
            blank = update(Delivery).where(Delivery.hash.in_(hashes)).values(address="", domain="", answer="")
            session.execute(blank.execution_options(synchronize_session=False))
            for table in (MailedLink, SignupRequest, Consent):
                session.execute(delete(table).where(table.subscriber_id.in_(whose)))
            session.execute(delete(Subscriber).where(Subscriber.id.in_(whose)))
    while old := _old_requests(now()):
        with write() as session:
            session.execute(delete(SignupRequest).where(SignupRequest.id.in_(old)))
    with write() as session:
        session.execute(_forget_wishes(now()))


def _forget_wishes(at: datetime) -> Update:
    """Return what blanks the new addresses in links of changes that nothing came of: they may be anybody's."""
    old = MailedLink.purpose.in_((Purpose.ADDRESS, Purpose.MOVE)), MailedLink.made_at <= at - WISHES_KEPT
    named = MailedLink.data["hash"].as_string().is_not(None)
    return update(MailedLink).where(*old, named).values(data={})


def _old_requests(at: datetime) -> list[int]:
    """Return requests that were answered long ago, some of them; what was asked for stays in the records of consent.

    They know from which network and which browser, by hashes, and nothing needs that any more.
    """
    query = select(SignupRequest.id).where(SignupRequest.answered_at <= at - KEPT).limit(REQUESTS_AT_ONCE)
    old = list(db.session.scalars(query))
    db.session.rollback()
    return old


def _due(at: datetime) -> list[int]:
    """Return whom to forget now, some of them; nobody whose request still waits or whose link still works."""
    waits = select(SignupRequest.id).where(
        SignupRequest.subscriber_id == Subscriber.id, SignupRequest.answered_at.is_(None)
    )
    works = select(MailedLink.id).where(
        MailedLink.subscriber_id == Subscriber.id, MailedLink.made_at > at - LINK_LIVES
    )
    query = (
        select(Subscriber.id)
        .where(
            Subscriber.confirmed_at.is_(None),
            Subscriber.erased_at.is_(None),
            or_(Subscriber.first_mailed_at <= at - KEPT, _never_arrived(at)),
            ~waits.exists(),
            ~works.exists(),
        )
        .limit(AT_ONCE)
    )
    whose = list(db.session.scalars(query))
    db.session.rollback()
    return whose


def _never_arrived(at: datetime) -> ColumnElement[bool]:
    """Return the condition that the mail was refused for good, and nobody asked since: such an address is none."""
    mailed = select(MailedLink.id).where(MailedLink.subscriber_id == Subscriber.id)
    under_way = select(Delivery.id).where(Delivery.hash == Subscriber.hash, Delivery.state.in_(OPEN))
    return and_(
        Subscriber.first_mailed_at.is_(None),
        Subscriber.asked_again_at <= at - KEPT,
        mailed.exists(),
        ~under_way.exists(),
    )
