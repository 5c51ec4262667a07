"""Feeds with full text, for the site, a category, a person: Atom and JSON."""

import re
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as Xml

from flask import Response, abort, jsonify

from blog.content import queries, whole
from blog.content.shapes import ShownArticle
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute, site_url
from blog.lib.db import db
from blog.lib.markdown import without_signs
from blog.lib.words import gettext as _
from blog.lib.words import iso
from blog.settings import identity

blueprint = public_blueprint("feeds", __name__)

ENTRIES = 20
_ATOM = "http://www.w3.org/2005/Atom"
_TAG = re.compile(r'<[a-z](?:"[^"]*"|[^">])*>')


@dataclass(frozen=True)
class Feed:
    """What a feed says: its title, its own path, the page it belongs to, its articles."""

    title: str
    path: str
    page: str
    articles: list[ShownArticle]

    @property
    def updated(self) -> str:
        """Return when its newest text changed; the beginning of time where it has none."""
        moments = [article.last_changed_at for article in self.articles]
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
    articles = whole.newest_articles(ENTRIES, category=category.id)
    feed = Feed(_titled(category.name), f"{category.path}/feed.{kind}", category.path, articles)
    return _atom(feed) if kind == "xml" else _json(feed)


@blueprint.get("/people/<slug:slug>/feed.<any(xml, json):kind>")
def person_feed(slug: str, kind: str) -> Response:
    """Serve the feed of what a person wrote."""
    person = db.session.scalar(queries.shown_person(slug)) or abort(404)
    articles = whole.newest_articles(ENTRIES, person=person.id)
    feed = Feed(_titled(person.name), f"{person.path}/feed.{kind}", person.path, articles)
    return _atom(feed) if kind == "xml" else _json(feed)


def _site(path: str) -> Feed:
    return Feed(identity.title.get(), path, "/", whole.newest_articles(ENTRIES))


def _titled(name: str) -> str:
    return f"{name} · {identity.title.get()}"


def _full_text(article: ShownArticle) -> str:
    """Return the article's text with absolute addresses, since a feed reader shows it elsewhere."""
    parts = [article.tldr_html, article.body_html]
    if article.questions:
        parts.append(f"<h2>{_('Questions and answers')}</h2>")
        parts += [f"<h3>{_escaped(row.question)}</h3>{row.answer_html}" for row in article.questions]
    page = absolute(article.path)
    return _TAG.sub(lambda tag: _absolute_tag(tag[0], page), without_signs("\n".join(parts)))


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
    for article in feed.articles:
        _entry(_add(root, "entry"), article)
    body = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(body, content_type="application/atom+xml; charset=utf-8")


def _entry(entry: Xml.Element, article: ShownArticle) -> None:
    _add(entry, "id", absolute(article.path))
    _add(entry, "title", article.title)
    _add(entry, "link", rel="alternate", type="text/html", href=absolute(article.path))
    _add(entry, "published", iso(article.published_at))
    _add(entry, "updated", iso(article.last_changed_at))
    for person in article.authors:
        _add(_add(entry, "author"), "name", person.name)
    if article.category:
        _add(entry, "category", term=article.category.slug, label=article.category.name)
    if article.summary:
        _add(entry, "summary", article.summary)
    _add(entry, "content", _full_text(article), type="html")


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
        "items": [_item(article) for article in feed.articles],
    }
    response = jsonify(content)
    response.headers["Content-Type"] = "application/feed+json"
    return response


def _item(article: ShownArticle) -> dict[str, Any]:
    item = {
        "id": absolute(article.path),
        "url": absolute(article.path),
        "title": article.title,
        "summary": article.summary,
        "content_html": _full_text(article),
        "image": absolute(article.cover.picture.src) if article.cover else "",
        "date_published": iso(article.published_at),
        "date_modified": iso(article.last_changed_at),
        "authors": [{"name": person.name, "url": absolute(person.path)} for person in article.authors],
        "tags": [article.category.name] if article.category else [],
    }
    return {key: value for key, value in item.items() if value}
