"""Content on its way in or out, as values that know neither files nor rows."""

import dataclasses
import datetime as dt
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from blog.lib.sheets import Named


@dataclass(frozen=True)
class ReferenceItem:
    """A source of an article."""

    title: str
    authors: str = ""
    source: str = ""
    year: int | None = None
    doi: str = ""
    pmid: str = ""
    url: str = ""


@dataclass(frozen=True)
class CorrectionItem:
    """What was put right, and when."""

    date: dt.date
    note: str


@dataclass(frozen=True)
class Ask:
    """A question that an article asks itself; an empty slug means: from the question, made unique."""

    question: str
    answer: str
    slug: str = ""
    line: int = field(default=1, compare=False)
    answer_line: int = field(default=1, compare=False)

    @property
    def content(self) -> tuple[str, str]:
        """Return what makes two questions the same: their text and their answer."""
        return self.question, self.answer


@dataclass(frozen=True)
class Use:
    """A question that stands elsewhere."""

    slug: str
    line: int = field(default=1, compare=False)


@dataclass(frozen=True)
class ArticleItem:
    """An article with everything that belongs to it; moments are aware and in UTC, tags sorted by slug."""

    slug: str
    title: str
    category: Named | None = None
    tags: tuple[Named, ...] = ()
    authors: tuple[Named, ...] = ()
    reviewers: tuple[Named, ...] = ()
    published: dt.datetime | None = None
    updated: dt.datetime | None = None
    reviewed: dt.date | None = None
    next_review: dt.date | None = None
    summary: str = ""
    tldr: str = ""
    cover: str = ""
    """The name of a picture in the media folder."""
    cover_alt: str = ""
    references: tuple[ReferenceItem, ...] = ()
    corrections: tuple[CorrectionItem, ...] = ()
    disclosure: str = ""
    making: str = ""
    body: str = ""
    questions: tuple[Ask | Use, ...] = ()
    redirect_from: tuple[str, ...] = field(default=(), compare=False)
    """Only ever adds old addresses, so it says nothing about whether two articles are the same."""


@dataclass(frozen=True)
class LinkItem:
    """A link of a person."""

    title: str
    url: str


@dataclass(frozen=True)
class PersonItem:
    """Someone with a file of their own."""

    slug: str
    name: str
    credentials: str = ""
    role: str = ""
    photo: str = ""
    """The name of a picture in the media folder."""
    orcid: str = ""
    links: tuple[LinkItem, ...] = ()
    body: str = ""


@dataclass(frozen=True)
class PageItem:
    """A page at the top of the site."""

    slug: str
    title: str
    body: str = ""


@dataclass(frozen=True)
class QuestionItem:
    """A question that stands alone."""

    slug: str
    question: str
    answer: str
    category: Named | None = None
    published: dt.datetime | None = None

    @property
    def content(self) -> tuple[str, str]:
        """Return what makes two questions the same: their text and their answer."""
        return self.question, self.answer


Item = ArticleItem | PersonItem | PageItem | QuestionItem


KINDS = ("articles", "pages", "people", "questions")
"""The kinds of items, as an account names them and a content folder its folders."""


def address_of(item: Item) -> str:
    """Return the public address of an item."""
    folder = {ArticleItem: "/articles", PersonItem: "/people", PageItem: ""}.get(type(item), "/faq")
    return f"{folder}/{item.slug}"


def digest_of(value: Any) -> str:
    """Return a digest of an item, or a part of one, that is equal exactly for equal ones."""
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, part.name)) for part in dataclasses.fields(value) if part.compare]
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return value
