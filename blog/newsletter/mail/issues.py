"""An issue in words: frozen once, then made each subscriber's own by putting in two links, and nothing else.

Frozen words are kept as pieces, every second one the name of a link: a letter is put together without searching in
what a person wrote, so no text can pass for a link of the subscriber's.
"""

import re
import secrets
from dataclasses import asdict, dataclass, replace
from email.headerregistry import Address
from html import escape
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from blog.content.models import Article
from blog.lib.canonical import absolute
from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.markdown import Picture
from blog.newsletter.models import Issue, IssueArticle
from blog.outbox.kinds import Letter
from blog.outbox.writing import write_message
from blog.settings import identity

from .bodies import body_of, mail_picture
from .shell import Links, letter_from

TALLEST_COVER = 414
"""In CSS pixels: an upright cover beside its title, not a screen of its own."""


@dataclass(frozen=True)
class Told:
    """An article that an issue tells of; addresses are absolute."""

    title: str
    summary: str
    url: str
    picture: Picture | None
    alt: str


def freeze(issue: Issue) -> dict[str, Any]:
    """Return the words of an issue as they are sent from now on. Only reads; slow, so call it outside write().

    `html` and `text` are pieces (above), `archive` is HTML for its page, without its articles, which the page shows as
    they are then. Articles that readers cannot see at this moment are left out.
    Raises Refused where the words make no message, as when they are too many.
    """
    body = body_of(issue.body)
    mark = secrets.token_hex(16)
    html, text = letter_from(
        "issue",
        subject=issue.subject,
        preview=issue.preview,
        body=body,
        articles=told_articles(issue),
        moment=now(),
        page=absolute(f"/newsletter/issues/{issue.slug}"),
        links=Links(*(f"https://{mark}.invalid/{name}" for name in ("leave", "preferences"))),
    )
    frozen = {
        "subject": issue.subject,
        "preview": issue.preview,
        "slug": issue.slug,
        "list": identity.title.get(),
        "html": _pieces(html, mark),
        "text": _pieces(text, mark),
        "archive": body.archive,
    }
    _check(frozen)
    return frozen


def letter_for(frozen: dict[str, Any], to: str, links: Links) -> Letter:
    """Return the letter for one subscriber."""
    own = asdict(links)
    shown = {name: escape(address) for name, address in own.items()}
    return Letter(
        to=to,
        subject=frozen["subject"],
        preview=frozen["preview"],
        html=_joined(frozen["html"], shown),
        text=_joined(frozen["text"], own),
        one_click=links.leave,
        list_name=frozen["list"],
        feedback=frozen["slug"],
    )


def told_articles(issue: Issue) -> list[Told]:
    """Return the articles of an issue that readers can see at this moment, in its order."""
    chosen = (
        select(Article)
        .join(IssueArticle, IssueArticle.article_id == Article.id)
        .where(IssueArticle.issue_id == issue.id, Article.is_live)
        .order_by(IssueArticle.position)
        .options(joinedload(Article.cover))
    )
    return [_told(article) for article in db.session.scalars(chosen)]


def _told(article: Article) -> Told:
    picture = mail_picture(article.cover.picture if article.cover else None, TALLEST_COVER)
    shown = replace(picture, src=absolute(picture.src)) if picture else None
    return Told(article.title, article.summary, absolute(article.path), shown, article.cover_alt)


def _pieces(words: str, mark: str) -> list[str]:
    return re.split(rf"https://{mark}\.invalid/(leave|preferences)", words)


def _joined(pieces: list[str], links: dict[str, str]) -> str:
    return "".join(links[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def _check(frozen: dict[str, Any]) -> None:
    """Refuse here and once what would be refused for every subscriber: too large, a subject with a line break."""
    longest = Links("https://example.org/" + "x" * 300, "https://example.org/" + "x" * 300)
    letter = letter_for(frozen, "x" * 64 + "@example.org", longest)
    write_message(letter, message_id="<issue@example.org>", at=now(), sender=Address("", "x", "example.org"))
