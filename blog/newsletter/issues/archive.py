"""Issues as readers find them afterwards: those that have begun to go out, nothing personal in them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from blog.content.models import Article
from blog.content.reading import Listing
from blog.content.shapes import Card
from blog.lib.edition import per_edition
from blog.lib.prepared import Prepared
from blog.newsletter.models import Issue, IssueArticle

MOST_ARTICLES = 100


class Sent(NamedTuple):
    """An issue, as the archive lists it; what was sent is shown, not what stands in its draft."""

    id: int
    slug: str
    title: str
    preview: str
    published_at: datetime
    byline: str = ""
    """None: the whole team writes it."""

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/newsletter/issues/{self.slug}"


class Whole(NamedTuple):
    """An issue with its text."""

    issue: Sent
    html: str
    articles: list[Card]
    """Those that readers can see now, in the issue's order."""


_is_public = Issue.started_at.is_not(None)
_COLUMNS = (Issue.id, Issue.slug, Issue.subject, Issue.preview, Issue.started_at)
_newest = (
    select(*_COLUMNS)
    .where(_is_public)
    .order_by(Issue.started_at.desc(), Issue.id.desc())
    .limit(bindparam("size"))
    .offset(bindparam("skip"))
)
_part = Prepared(_newest, Sent)
_count = Prepared(select(func.count()).select_from(Issue).where(_is_public), int)
_html = Issue.frozen["archive"].as_string()
_one = Prepared(
    select(*_COLUMNS, _html).where(_is_public, Issue.slug == bindparam("slug")),
    lambda *row: (Sent(*row[:5]), row[5] or ""),
)
_with_text = Prepared(_newest.add_columns(_html), lambda *row: (Sent(*row[:5]), row[5] or ""))
_of_issue = (IssueArticle.issue_id == bindparam("issue"),)
_cards = Listing(
    select(Article.id)
    .join(IssueArticle, IssueArticle.article_id == Article.id)
    .where(Article.is_live, *_of_issue)
    .order_by(IssueArticle.position)
)
_order = Prepared(
    select(Article.slug)
    .join(IssueArticle, IssueArticle.article_id == Article.id)
    .where(*_of_issue)
    .order_by(IssueArticle.position),
    str,
)


class Archive:
    """All issues that were sent, the newest first, read in parts."""

    def part(self, size: int, skip: int = 0, **_values: object) -> list[Sent]:
        """Return `size` issues after the first `skip`."""
        return _part.all(size=size, skip=skip)

    @per_edition
    def count(self, **_values: object) -> int:
        """Return how many there are."""
        return _count.first() or 0


archive = Archive()


def sent_issue(slug: str) -> Whole | None:
    """Return an issue that has begun to go out; None for any other, as if it were not there."""
    found: Any = _one.first(slug=slug)
    if found is None:
        return None
    issue, html = found
    order = _order.all(issue=issue.id)
    cards = _cards.part(MOST_ARTICLES, issue=issue.id)
    return Whole(issue, html, sorted(cards, key=lambda card: order.index(card.slug)))


def newest_texts(size: int) -> list[tuple[Sent, str]]:
    """Return the newest issues with their texts as HTML, for the feeds."""
    return _with_text.all(size=size, skip=0)
