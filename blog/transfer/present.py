"""What the site holds at one moment, as items, and what it remembers of imported files."""

from dataclasses import dataclass, replace
from typing import Any

from blog.lib.sheets import Named
from blog.media.storing import StoredPicture

from .items import ArticleItem, PageItem, PersonItem, QuestionItem


@dataclass(frozen=True)
class Remembered:
    """What is remembered of an imported file."""

    article_id: int | None
    fingerprint: dict[str, Any]


@dataclass(frozen=True)
class Present:
    """All content of the site; questions of articles are `Ask`s with their slugs."""

    articles: dict[int, ArticleItem]
    people: dict[str, PersonItem]
    """Everyone by slug, also those without a file of their own."""
    introduced: frozenset[str]
    pages: dict[str, PageItem]
    questions: dict[str, QuestionItem]
    """Every question by slug, also those that only articles use."""
    standing_alone: frozenset[str]
    categories: dict[str, Named]
    tags: dict[str, Named]
    media: dict[str, StoredPicture]
    redirects: dict[str, str]
    files: dict[str, Remembered]


def without_questions(item: ArticleItem) -> ArticleItem:
    """Return an article without its questions, for comparing the rest."""
    return replace(item, questions=())
