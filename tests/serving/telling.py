"""A few articles as a team works on them, and what every page may say of them at every moment."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from blog.content.models import Article, Category
from blog.lib.clock import now
from blog.lib.db import write
from blog.redirects.moving import move
from blog.settings.declaring import choose
from tests.building import article, save

_numbers = itertools.count(1)
ARTICLES = 3
SOON = timedelta(milliseconds=150)
_WORD = re.compile(r"word\d+x")


def new_word() -> str:
    """Return a word that was never used before: whoever shows it, shows what is of today."""
    return f"word{next(_numbers)}x"


def words_in(text: str) -> set[str]:
    """Return the words of ours in a text."""
    return set(_WORD.findall(text))


@dataclass
class Told:
    """What is written of one article."""

    slug: str
    title: str
    published_at: datetime | None = None
    old_slugs: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"/articles/{self.slug}"

    def is_live(self, at: datetime) -> bool:
        return self.published_at is not None and self.published_at <= at


@dataclass(frozen=True)
class Page:
    """What readers must find at an address."""

    status: int
    words: set[str]
    location: str = ""


class Story:
    """The state that was committed last, and the verbs that lead to the next one."""

    def __init__(self) -> None:
        self.articles = [Told(new_word(), new_word()) for _ in range(ARTICLES)]
        self.topic, self.topic_name, self.notice = new_word(), new_word(), new_word()
        self.subject = f"subject{next(_numbers)}"
        """Stands in every text, for those who search."""

    def begin(self) -> None:
        """Write the drafts."""
        topic = Category(slug=self.topic, name=self.topic_name)
        about = {"category": topic, "body": self.subject, "published_at": None}
        save(*(article(told.title, slug=told.slug, **about) for told in self.articles))
        self.set_notice()

    def end(self) -> None:
        """Hide all of it from readers of other stories."""
        for told in self.articles:
            self.unpublish(told)

    def publish(self, told: Told) -> None:
        told.published_at = now()
        self._change(told, lambda row: setattr(row, "published_at", told.published_at))

    def unpublish(self, told: Told) -> None:
        told.published_at = None
        self._change(told, lambda row: setattr(row, "published_at", None))

    def schedule(self, told: Told) -> None:
        told.published_at = now() + SOON
        self._change(told, lambda row: setattr(row, "published_at", told.published_at))

    def edit(self, told: Told) -> None:
        told.title = new_word()
        self._change(told, lambda row: setattr(row, "title", told.title))

    def rename(self, told: Told) -> None:
        old, slug = told.slug, new_word()
        with write() as session:
            session.query(Article).filter_by(slug=old).one().slug = slug
            move(f"/articles/{old}", f"/articles/{slug}")
        told.old_slugs.append(old)
        told.slug = slug

    def rename_topic(self) -> None:
        self.topic_name = new_word()
        with write() as session:
            session.query(Category).filter_by(slug=self.topic).one().name = self.topic_name

    def set_notice(self) -> None:
        self.notice = new_word()
        with write():
            choose("site.notice", self.notice)

    def _change(self, told: Told, change: Callable[[Article], None]) -> None:
        with write() as session:
            change(session.query(Article).filter_by(slug=told.slug).one())

    def turns(self) -> list[datetime]:
        """Return the moments from which on pages read otherwise by themselves."""
        return [told.published_at for told in self.articles if told.published_at]

    def allowed(self, at: datetime) -> set[str]:
        """Return all words that any page may show at a moment."""
        live = [told for told in self.articles if told.is_live(at)]
        topic = {self.topic, self.topic_name} if live else set()
        return {self.notice} | topic | {word for told in live for word in (told.slug, told.title)}

    def pages(self, at: datetime) -> dict[str, Page]:
        """Return every place of the story with what readers must find there at a moment."""
        live = [told for told in self.articles if told.is_live(at)]
        titles = {told.title for told in live}
        there = 200 if live else 404
        pages = {
            "/": Page(200, {self.notice, *titles}),
            "/sitemap.xml": Page(200, {told.slug for told in live}),
            "/feed.json": Page(200, titles),
            "/articles": Page(200, {self.notice, *titles}),
            f"/search?q={self.subject}": Page(200, {self.notice, *titles}),
            f"/search/results?q={self.subject}": Page(200, titles),
            f"/categories/{self.topic}": Page(there, {self.notice, *titles}),
            f"/categories/{self.topic}/feed.json": Page(there, titles),
        }
        for told in self.articles:
            shown = told in live
            own = {self.notice, *((told.title, self.topic_name) if shown else ())}
            pages[told.path] = Page(200 if shown else 404, own)
            for slug in told.old_slugs:
                pages[f"/articles/{slug}"] = (
                    Page(301, set(), told.path) if shown else Page(404, {self.notice})
                )
        return pages
