"""People who ask for the newsletter, a worker that answers them, and what was mailed."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update

from blog.lib.addresses import address_from
from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.models import MailedLink, SignupRequest, Subscriber
from blog.newsletter.signup.answering import answer_requests
from blog.newsletter.signup.codes import code_of, handle_of
from blog.newsletter.signup.subscribing import Origin, Visitor, ask
from blog.newsletter.signup.wording import key_of, shown_words
from blog.outbox.models import Delivery, State

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def asked(
    typed: str = "dee@example.org",
    *,
    at: datetime = AT,
    network: str = "home",
    browser: str = "b1",
    later: bool = False,
    turn: int = 1,
) -> str:
    """Keep a request and return its handle."""
    address = address_from(typed)
    assert address is not None
    with write():
        origin = Origin("/articles/sleep", "article-1", key_of(shown_words()))
        kept = ask(address, origin, Visitor(network, browser, later, turn), at=at)
        return handle_of(kept.id, kept.seed)


def worked(at: datetime = AT) -> datetime | None:
    """Let the worker answer what waits at this moment."""
    with held_at(at):
        return answer_requests()


def delivered(at: datetime = AT) -> None:
    """Let every mail that waits have arrived."""
    with write():
        db.session.execute(
            update(Delivery)
            .where(Delivery.state == State.QUEUED)
            .values(state=State.SENT, settled_at=at, made_at=Delivery.made_at)
        )


def asked_and_mailed(
    typed: str = "dee@example.org", *, at: datetime = AT, browser: str = "b1", network: str = "home"
) -> str:
    """Keep a request, answer it, let the mail arrive; return the handle."""
    handle = asked(typed, at=at, browser=browser, network=network)
    worked(at)
    delivered(at)
    return handle


def mails(*kinds: str) -> list[tuple[str, str]]:
    """Return kind and address of every mail, in the order they were queued."""
    query = select(Delivery.kind, Delivery.address).order_by(Delivery.id)
    found = [(kind, address) for kind, address in db.session.execute(query)]
    return [mail for mail in found if not kinds or mail[0] in kinds]


def answers() -> list[str]:
    """Return what became of each request; empty for those that wait."""
    return list(db.session.scalars(select(SignupRequest.answer).order_by(SignupRequest.id)))


def last_link() -> MailedLink:
    """Return the link that was mailed last."""
    return db.session.scalars(select(MailedLink).order_by(MailedLink.id.desc()).limit(1)).one()


def code() -> str:
    """Return the code that was mailed last."""
    return code_of(last_link())


def the_subscriber() -> Subscriber:
    """Return the one there is."""
    return db.session.scalars(select(Subscriber)).one()
