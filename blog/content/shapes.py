"""What readers are shown, as plain values: cards, whole articles, questions."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from blog.lib.markdown import Picture
from blog.media.models import picture_from

from .dating import latest, today

WORDS_A_MINUTE = 220


class Topic(NamedTuple):
    """A category or a tag: its slug, its name, its address."""

    slug: str
    name: str
    path: str

    @classmethod
    def category(cls, slug: str | None, name: str | None) -> "Topic | None":
        """Return the category, or None where an article has none."""
        return cls(slug, name, f"/categories/{slug}") if slug and name else None

    @classmethod
    def tag(cls, slug: str, name: str) -> "Topic":
        """Return the tag."""
        return cls(slug, name, f"/tags/{slug}")


class PageLink(NamedTuple):
    """A page, as the foot of every page lists it."""

    title: str
    path: str


class Contributor(NamedTuple):
    """Someone who wrote or reviewed an article."""

    role: str
    slug: str
    name: str
    credentials: str

    @property
    def path(self) -> str:
        """Return their public address."""
        return f"/people/{self.slug}"


class Cited(NamedTuple):
    """A source of an article; `position` counts from 1, as readers do."""

    position: int
    title: str
    authors: str
    source: str
    year: int | None
    doi: str
    pmid: str
    url: str

    @property
    def href(self) -> str:
        """Return where the source can be read: its DOI before its PubMed record before its address."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.pmid:
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


class Corrected(NamedTuple):
    """What was put right, and when."""

    date: date
    note: str


class Answered(NamedTuple):
    """A question with its answer, and the category it is listed under."""

    id: int
    slug: str
    question: str
    answer: str
    answer_html: str
    answer_text: str
    category: Topic | None = None

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/faq/{self.slug}"

    @property
    def anchor(self) -> str:
        """Return its id inside an article."""
        return f"q-{self.slug}"


class Cover(NamedTuple):
    """A picture, by what the database keeps of it."""

    renditions: str
    width: int
    height: int

    @property
    def picture(self) -> Picture:
        """Return what a page needs to show it."""
        return _picture(self.renditions, self.width, self.height)

    @classmethod
    def maybe(cls, renditions: str | None, width: int | None, height: int | None) -> "Cover | None":
        """Return the picture, or None where there is none."""
        return cls(renditions, width, height) if renditions and width and height else None


@lru_cache(maxsize=512)
def _picture(renditions: str, width: int, height: int) -> Picture:
    return picture_from(json.loads(renditions), width, height)


class Card(NamedTuple):
    """An article as listings show it."""

    slug: str
    title: str
    summary: str
    published_at: datetime
    byline: str
    category: Topic | None
    cover: Cover | None

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/articles/{self.slug}"


@dataclass(frozen=True)
class ShownArticle:
    """An article with all that its page, its Markdown and its feed entry show."""

    id: int
    slug: str
    title: str
    summary: str
    tldr: str
    tldr_html: str
    body: str
    body_html: str
    headings: list[dict[str, Any]]
    words: int
    published_at: datetime
    updated_at: datetime | None
    reviewed_on: date | None
    next_review_on: date | None
    disclosure: str
    making: str
    cover_alt: str
    category_id: int | None
    category: Topic | None
    cover: Cover | None
    tags: list[Topic]
    contributors: list[Contributor]
    questions: list[Answered]
    references: list[Cited]
    corrections: list[Corrected]

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/articles/{self.slug}"

    @cached_property
    def authors(self) -> list[Contributor]:
        """Return who wrote it, in order."""
        return [someone for someone in self.contributors if someone.role == "author"]

    @cached_property
    def reviewers(self) -> list[Contributor]:
        """Return who reviewed it, in order."""
        return [someone for someone in self.contributors if someone.role == "reviewer"]

    @property
    def is_vouched_for(self) -> bool:
        """Tell whether anything speaks for it: people, reviews, corrections, a disclosure, how it was made."""
        people_and_reviews = (self.authors, self.reviewers, self.reviewed_on, self.next_review_on)
        return any((*people_and_reviews, self.corrections, self.disclosure, self.making))

    @property
    def reading_minutes(self) -> int:
        """Return the reading time, at least one minute."""
        return max(1, round(self.words / WORDS_A_MINUTE))

    @property
    def review_overdue(self) -> bool:
        """Tell whether the next review was due before today."""
        return self.next_review_on is not None and self.next_review_on < today()

    @property
    def last_changed_at(self) -> datetime:
        """Return when its text last changed for readers: published, updated by hand, or corrected."""
        corrected = [correction.date for correction in self.corrections]
        return latest(self.published_at, self.updated_at, *corrected) or self.published_at
