"""Writing an issue: its words, its articles, whom it is for. Nothing here sends anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from blog.content.models import Article, Category
from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.lib.sheets import shows
from blog.lib.slugs import checked_slug, slug_from
from blog.newsletter.models import Issue, IssueArticle, IssueTopic, Stage


@dataclass(frozen=True)
class Words:
    """What a person writes of an issue."""

    subject: str
    preview: str = ""
    body: str = ""
    """Markdown."""
    slug: str = ""
    """Empty: made from the subject."""
    articles: tuple[str, ...] = ()
    """Slugs, in the order in which the issue tells of them."""
    topics: tuple[str, ...] = ()
    """Slugs of categories; none: for everybody."""

    @property
    def address(self) -> str:
        """Return the slug it will have."""
        return checked_slug(self.slug) if self.slug else slug_from(self.subject)


def issue_named(slug: str) -> Issue:
    """Return the issue with this slug; raises Refused where there is none."""
    found: Issue | None = db.session.scalar(select(Issue).where(Issue.slug == slug))
    if found is None:
        raise Refused(f"There is no issue “{slug}”; `newsletter issues` lists those there are.")
    return found


def make(words: Words, *, at: datetime, digest_of: str = "") -> Issue:
    """Begin a draft. Call inside write().

    Raises Refused where its slug is taken, or something it names is not there.
    """
    slug = _checked(words)
    if db.session.scalar(select(Issue.id).where(Issue.slug == slug)):
        raise Refused(f"There is an issue “{slug}” already; give this one a slug of its own.")
    issue = Issue(slug=slug, subject=words.subject, made_at=at, changed_at=at, digest_of=digest_of)
    issue.preview, issue.body = words.preview, words.body
    db.session.add(issue)
    db.session.flush()
    choose_articles(issue, words.articles)
    choose_topics(issue, words.topics)
    return issue


def change(issue: Issue, words: Words, *, at: datetime) -> bool:
    """Let a draft say this; returns whether anything changed. Call inside write().

    Raises Refused for an issue that waits to be sent: what goes out is what was looked at when Send was said.
    """
    slug = _checked(words)
    if words == words_of(issue, slug=words.slug):
        return False
    check_is_draft(issue, "change it")
    if db.session.scalar(select(Issue.id).where(Issue.slug == slug, Issue.id != issue.id)):
        raise Refused(f"There is an issue “{slug}” already; give this one a slug of its own.")
    issue.slug, issue.subject, issue.preview, issue.body = slug, words.subject, words.preview, words.body
    issue.changed_at = at
    choose_articles(issue, words.articles)
    choose_topics(issue, words.topics)
    return True


def choose_articles(issue: Issue, slugs: Sequence[str]) -> None:
    """Let the issue tell of these articles, in this order. Call inside write()."""
    known = ids_of(Article, slugs)
    db.session.execute(delete(IssueArticle).where(IssueArticle.issue_id == issue.id))
    for position, slug in enumerate(dict.fromkeys(slugs)):
        if slug not in known:
            raise Refused(f"There is no article “{slug}”.")
        db.session.add(IssueArticle(issue_id=issue.id, article_id=known[slug], position=position))
    db.session.flush()


def choose_topics(issue: Issue, slugs: Sequence[str]) -> None:
    """Let the issue be for readers of these categories; none: for everybody. Call inside write()."""
    known = ids_of(Category, slugs)
    db.session.execute(delete(IssueTopic).where(IssueTopic.issue_id == issue.id))
    for slug in dict.fromkeys(slugs):
        if slug not in known:
            raise Refused(f"There is no category “{slug}”.")
        db.session.add(IssueTopic(issue_id=issue.id, category_id=known[slug]))
    db.session.flush()


def ids_of(model: type[Article] | type[Category], slugs: Sequence[str]) -> dict[str, int]:
    """Return the ids of those of the slugs that there are."""
    rows = db.session.execute(select(model.slug, model.id).where(model.slug.in_(slugs)))
    return {row.slug: row.id for row in rows}


def words_of(issue: Issue, *, slug: str | None = None) -> Words:
    """Return what a person wrote of an issue, with another slug where one is given."""
    articles = select(Article.slug).join(IssueArticle, IssueArticle.article_id == Article.id)
    topics = select(Category.slug).join(IssueTopic, IssueTopic.category_id == Category.id)
    return Words(
        issue.subject,
        issue.preview,
        issue.body,
        issue.slug if slug is None else slug,
        tuple(
            db.session.scalars(
                articles.where(IssueArticle.issue_id == issue.id).order_by(IssueArticle.position)
            )
        ),
        tuple(db.session.scalars(topics.where(IssueTopic.issue_id == issue.id).order_by(Category.slug))),
    )


def remove(issue: Issue) -> None:
    """Throw a draft away. Call inside write(); raises Refused where it waits to be sent, or was."""
    check_is_draft(issue, "remove it")
    db.session.delete(issue)


def check_is_draft(issue: Issue, what: str) -> None:
    """Raise Refused where an issue is no draft, so that nobody may do this with it."""
    if issue.stage in (Stage.SENDING, Stage.DONE):
        raise Refused(f"“{issue.slug}” was sent; nobody can {what} any more.")
    if issue.stage is not Stage.DRAFT:
        raise Refused(f"“{issue.slug}” waits to be sent; `newsletter undo {issue.slug}` first, then {what}.")


def _checked(words: Words) -> str:
    """Return the slug; raises Refused where these words are no issue."""
    if not shows(words.subject):
        raise Refused("The subject is missing.")
    if not words.address:
        raise Refused("No address can be made from this subject; write a slug.")
    return words.address
