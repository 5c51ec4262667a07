"""Questions about what is published; the one definition of what readers may see."""

from datetime import datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, bindparam, case, exists, func, or_, select, type_coerce
from sqlalchemy.orm import joinedload

from blog.lib.db import this_moment
from blog.lib.prepared import Prepared
from blog.settings import identity

from .dating import today
from .models import Article, Category, Credit, CreditRole, Page, Person, Question, Tag, article_tag
from .shapes import PageLink, Topic


def _stands_on() -> ColumnElement[bool]:
    return exists().where(Article.category_id == Category.id, Article.is_live)


shown_categories: Prepared[Topic | None] = Prepared(
    select(Category.slug, Category.name).where(_stands_on()).order_by(Category.name, Category.slug),
    Topic.category,
)
"""Categories that stand on a live article."""
page_links = Prepared(
    select(Page.title, type_coerce("/" + Page.slug, Page.slug.type)).order_by(Page.title, Page.slug), PageLink
)
"""Every page, for the foot of all pages."""


def shown_category(slug: str) -> Select[Category]:
    """One category that readers may see."""
    return select(Category).where(Category.slug == slug, _stands_on())


def shown_tag(slug: str) -> Select[Tag]:
    """One tag that readers may see."""
    return select(Tag).where(Tag.slug == slug, tag_stands_on())


def tag_stands_on() -> ColumnElement[bool]:
    """Tell of a tag whether a live article carries it."""
    return exists().where(article_tag.c.tag_id == Tag.id, article_tag.c.published_at <= this_moment())


def has_page() -> ColumnElement[bool]:
    """Tell of a person whether they have a page: introduced by the team, or credited in a live article."""
    credited = (
        exists().where(
            Credit.person_id == Person.id, Credit.role == role, Credit.published_at <= this_moment()
        )
        for role in CreditRole
    )
    return or_(Person.introduced, *credited)


def shown_person(slug: str) -> Select[Person]:
    """One person who has a page."""
    return select(Person).where(Person.slug == slug, has_page()).options(joinedload(Person.photo))


def is_public_question(question: type[Question] = Question) -> ColumnElement[bool]:
    """Tell of a question whether readers may see it: standing alone and published, or used by a live article."""
    return question.shown_from <= this_moment()


def listed_category() -> ColumnElement[int | None]:
    """Return the id of the category a question is listed under.

    That is its own category, else the one of the oldest live article that uses it.
    """
    return case((Question.listed_from <= this_moment(), Question.listed_category_id))


_ADDRESSES: dict[str, Prepared[int]] = {
    folder: Prepared(query, int)
    for folder, query in {
        "articles": select(Article.id).where(Article.is_live, Article.slug == bindparam("slug")),
        "faq": select(Question.id).where(is_public_question(), Question.slug == bindparam("slug")),
        "people": select(Person.id).where(has_page(), Person.slug == bindparam("slug")),
        "categories": select(Category.id).where(_stands_on(), Category.slug == bindparam("slug")),
        "tags": select(Tag.id).where(tag_stands_on(), Tag.slug == bindparam("slug")),
        "": select(Page.id).where(Page.slug == bindparam("slug")),
    }.items()
}


def is_public(path: str) -> bool:
    """Tell whether readers find something at this address of an article, question, person, category, tag or page."""
    folder, _, slug = path.removeprefix("/").rpartition("/")
    return folder in _ADDRESSES and _ADDRESSES[folder].first(slug=slug) is not None


_turning_points = Prepared(
    select(
        *(
            select(func.min(moment)).where(moment > this_moment()).scalar_subquery()
            for moment in (Article.published_at, Article.updated_at, Question.published_at)
        )
    ),
    lambda *moments: min((moment for moment in moments if moment), default=None),
)


def next_turning_point() -> datetime:
    """Return the next moment at which what is already written reads otherwise by itself.

    Something scheduled appears, or a day begins where the site is, from which on a review is overdue.
    """
    tomorrow = datetime.combine(today() + timedelta(days=1), time(), identity.zone())
    return min(tomorrow, _turning_points.first() or tomorrow)
