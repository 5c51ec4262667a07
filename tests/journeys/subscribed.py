"""Somebody who is subscribed to the demo, with the links that letters to them carry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from app import create_app
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.environment import read_environment
from blog.newsletter.links import fresh_url, leave_path, preferences_url
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose
from blog.newsletter.verifying import ask_fresh_link
from tests.subscribers import confirmed

from .serving import Site


@dataclass(frozen=True)
class Subscribed:
    """A subscriber of the demo."""

    id: int
    leave: str
    preferences: str
    erase: str

    def row(self, site: Site) -> tuple[bool, bool, bool]:
        """Return whether they left, pause, and are erased."""
        question = (
            "SELECT left_at NOTNULL, paused_until NOTNULL, erased_at NOTNULL FROM subscriber WHERE id = ?"
        )
        left, paused, erased = site.rows(question, self.id)[0]
        return bool(left), bool(paused), bool(erased)


def subscribed(site: Site, address: str) -> Subscribed:
    """Subscribe somebody beside the running server."""
    with _beside(site):
        at = now()
        with write() as session:
            one = confirmed(address, asked_at=at, confirmed_at=at)
            session.add(one)
            session.flush()
            shared = {"subscriber_id": one.id, "address": address, "hash": one.hash, "at": at}
            session.add(Consent(deed=Deed.CONFIRMED, method=Method.CODE, **shared))
            ask_fresh_link(one, Purpose.ERASE, at=at)
            link = session.query(MailedLink).filter_by(subscriber_id=one.id).one()
            paths = [urlsplit(url).path for url in (preferences_url(one, at), fresh_url(link))]
            return Subscribed(one.id, leave_path(one), *paths)


@contextmanager
def _beside(site: Site) -> Iterator[None]:
    folder = site.database.parent
    given = {"BLOG_INSTANCE": str(folder), "BLOG_SITE_URL": site.url}
    with create_app(read_environment(given)).app_context():
        yield
        db.session.remove()
        db.engine.dispose()
