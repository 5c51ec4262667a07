"""Feeds with full text, for the site, a category, a person: Atom and JSON.

The site's own tells of articles and of the newsletter's issues, the newest first.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from xml.etree import ElementTree as Xml

from flask import Response, abort, jsonify

from blog.content import queries, whole
from blog.content.shapes import Contributor, Cover, ShownArticle, Topic
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute, site_url
from blog.lib.db import db
from blog.lib.markdown import without_signs
from blog.lib.words import gettext as _
from blog.lib.words import iso
from blog.newsletter.issues.archive import Sent, newest_texts
from blog.settings import identity

blueprint = public_blueprint("feeds", __name__)

ENTRIES = 20
_ATOM = "http://www.w3.org/2005/Atom"
_TAG = re.compile(r'<[a-z](?:"[^"]*"|[^">])*>')


@dataclass(frozen=True)
class Entry:
    """An article, or an issue of the newsletter, as a feed tells of it."""

    path: str
    title: str
    summary: str
    published_at: datetime
    changed_at: datetime
    texts: list[str]
    """HTML as the site shows it, one after the other."""
    authors: list[Contributor] = field(default_factory=list)
    category: Topic | None = None
    cover: Cover | None = None

    @cached_property
    def full_text(self) -> str:
        """Return the text with absolute addresses, since a feed reader shows it elsewhere."""
        page = absolute(self.path)
        return _TAG.sub(lambda tag: _absolute_tag(tag[0], page), without_signs("\n".join(self.texts)))


@dataclass(frozen=True)
class Feed:
    """What a feed says: its title, its own path, the page it belongs to, its entries."""

    title: str
    path: str
    page: str
    entries: list[Entry]

    @property
    def updated(self) -> str:
        """Return when its newest text changed; the beginning of time where it has none."""
        moments = [entry.changed_at for entry in self.entries]
        return iso(max(moments)) if moments else "1970-01-01T00:00:00Z"


@blueprint.get("/feed.xml")
def site_feed() -> Response:
    """Serve the Atom feed of the site."""
    return _atom(_site("/feed.xml"))


@blueprint.get("/feed.json")
def site_json() -> Response:
    """Serve the JSON feed of the site."""
    return _json(_site("/feed.json"))


@blueprint.get("/categories/<slug:slug>/feed.<any(xml, json):kind>")
def category_feed(slug: str, kind: str) -> Response:
    """Serve the feed of a category."""
    category = db.session.scalar(queries.shown_category(slug)) or abort(404)
    entries = list(map(_article, whole.newest_articles(ENTRIES, category=category.id)))
    feed = Feed(_titled(category.name), f"{category.path}/feed.{kind}", category.path, entries)
    return _atom(feed) if kind == "xml" else _json(feed)


@blueprint.get("/people/<slug:slug>/feed.<any(xml, json):kind>")
def person_feed(slug: str, kind: str) -> Response:
    """Serve the feed of what a person wrote."""
    person = db.session.scalar(queries.shown_person(slug)) or abort(404)
    entries = list(map(_article, whole.newest_articles(ENTRIES, person=person.id)))
    feed = Feed(_titled(person.name), f"{person.path}/feed.{kind}", person.path, entries)
    return _atom(feed) if kind == "xml" else _json(feed)


def _site(path: str) -> Feed:
    entries = [*map(_article, whole.newest_articles(ENTRIES)), *map(_issue, newest_texts(ENTRIES))]
    entries.sort(
        key=lambda entry: entry.published_at, reverse=True
    )  # those of one moment stay in their order
    return Feed(identity.title.get(), path, "/", entries[:ENTRIES])


def _titled(name: str) -> str:
    return f"{name} · {identity.title.get()}"


def _article(article: ShownArticle) -> Entry:
    texts = [article.tldr_html, article.body_html]
    if article.questions:
        texts.append(f"<h2>{_('Questions and answers')}</h2>")
        texts += [f"<h3>{_escaped(row.question)}</h3>{row.answer_html}" for row in article.questions]
    return Entry(
        article.path,
        article.title,
        article.summary,
        article.published_at,
        article.last_changed_at,
        texts,
        article.authors,
        article.category,
        article.cover,
    )


def _issue(told: tuple[Sent, str]) -> Entry:
    issue, html = told
    return Entry(issue.path, issue.title, issue.preview, issue.published_at, issue.published_at, [html])


def _absolute_tag(tag: str, page: str) -> str:
    tag = re.sub(r'\b(href|src)="(/(?!/)[^"]*)"', lambda hit: f'{hit[1]}="{absolute(hit[2])}"', tag)
    tag = re.sub(r'\bhref="(#[^"]*)"', lambda hit: f'href="{page}{hit[1]}"', tag)
    return re.sub(r'\b(srcset)="([^"]*)"', lambda hit: f'srcset="{_absolute_set(hit[2])}"', tag)


def _absolute_set(candidates: str) -> str:
    return ", ".join(f"{site_url()}{candidate.strip()}" for candidate in candidates.split(","))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _atom(feed: Feed) -> Response:
    Xml.register_namespace("", _ATOM)
    root = Xml.Element(f"{{{_ATOM}}}feed", {"xml:lang": identity.language.get()})
    _add(root, "id", absolute(feed.path))
    _add(root, "title", feed.title)
    _add(root, "updated", feed.updated)
    _add(root, "link", rel="self", type="application/atom+xml", href=absolute(feed.path))
    _add(root, "link", rel="alternate", type="text/html", href=absolute(feed.page))
    author = _add(root, "author")
    _add(author, "name", identity.publisher_name())
    for entry in feed.entries:
        _tell(_add(root, "entry"), entry)
    body = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _tell(element: Xml.Element, entry: Entry) -> None:
    _add(element, "id", absolute(entry.path))
    _add(element, "title", entry.title)
    _add(element, "link", rel="alternate", type="text/html", href=absolute(entry.path))
    _add(element, "published", iso(entry.published_at))
    _add(element, "updated", iso(entry.changed_at))
    for person in entry.authors:
        _add(_add(element, "author"), "name", person.name)
    if entry.category:
        _add(element, "category", term=entry.category.slug, label=entry.category.name)
    if entry.summary:
        _add(element, "summary", entry.summary)
    _add(element, "content", entry.full_text, type="html")


def _add(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    child = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    child.text = _without_controls(text) or None
    return child


def _without_controls(text: str) -> str:
    """Leave out what XML 1.0 cannot hold."""
    return re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _json(feed: Feed) -> Response:
    content = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": absolute(feed.page),
        "feed_url": absolute(feed.path),
        "language": identity.language.get(),
        "items": [_item(entry) for entry in feed.entries],
    }
    response = jsonify(content)
    response.headers["Content-Type"] = "application/feed+json"
    return response


def _item(entry: Entry) -> dict[str, Any]:
    item = {
        "id": absolute(entry.path),
        "url": absolute(entry.path),
        "title": entry.title,
        "summary": entry.summary,
        "content_html": entry.full_text,
        "image": absolute(entry.cover.picture.src) if entry.cover else "",
        "date_published": iso(entry.published_at),
        "date_modified": iso(entry.changed_at),
        "authors": [{"name": person.name, "url": absolute(person.path)} for person in entry.authors],
        "tags": [entry.category.name] if entry.category else [],
    }
    return {key: value for key, value in item.items() if value}
