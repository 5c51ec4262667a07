"""Reading what is published in lists: the cards of a listing, of every category, beside an article."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    desc,
    func,
    literal,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import aliased

from blog.lib.prepared import Prepared
from blog.media.models import Media

from .models import (
    Article,
    ArticleQuestion,
    Category,
    Credit,
    CreditRole,
    Person,
    article_tag,
)
from .shapes import Card, Cover, ShownArticle, Topic

RENDITIONS = type_coerce(Media.renditions, String)
"""As text: what a page needs of it is kept by that text (shapes.py)."""
_names = (
    select(Person.name)
    .join(Credit, Credit.person_id == Person.id)
    .where(Credit.article_id == Article.id, Credit.role == CreditRole.AUTHOR)
    .order_by(Credit.position)
    .correlate(Article)
    .subquery()
)
_byline = select(func.group_concat(_names.c.name, ", ")).scalar_subquery()
_CARD = (
    Article.slug,
    Article.title,
    Article.summary,
    Article.published_at,
    func.coalesce(_byline, ""),
    Category.slug,
    Category.name,
    RENDITIONS,
    Media.width,
    Media.height,
)
_cards = (
    select(*_CARD)
    .outerjoin(Category, Category.id == Article.category_id)
    .outerjoin(Media, Media.id == Article.cover_id)
    .where(Article.is_live)
)
NEWEST_FIRST = (Article.published_at.desc(), Article.slug)


def _card(*columns: Any) -> Card:
    return Card._make((*columns[:5], Topic.category(*columns[5:7]), Cover.maybe(*columns[7:10])))


class Listing:
    """A list of cards that can be read in parts, newest first."""

    def __init__(self, condition: Any = None, *, of: Select[*tuple[Any, ...]] | None = None) -> None:
        cards = _cards if of is None else of
        cards = cards if condition is None else cards.where(condition)
        part = cards.order_by(*NEWEST_FIRST).limit(bindparam("size")).offset(bindparam("skip"))
        counted = cards.with_only_columns(func.count(Article.id), maintain_column_froms=True)
        self._part = Prepared(part, _card)
        self._count = Prepared(counted, int)

    def part(self, size: int, skip: int = 0, **values: object) -> list[Card]:
        """Return `size` cards after the first `skip`."""
        return self._part.all(size=size, skip=skip, **values)

    def count(self, **values: object) -> int:
        """Return how many cards there are in all."""
        return self._count.first(**values) or 0


all_articles = Listing()
other_articles = Listing(Article.id != bindparam("article"))
articles_in_category = Listing(Article.category_id == bindparam("category"))
articles_with_tag = Listing(
    article_tag.c.tag_id == bindparam("tag"),
    of=_cards.join(article_tag, article_tag.c.article_id == Article.id),
)
articles_by_person = Listing(
    (Credit.person_id == bindparam("person")) & (Credit.role == bindparam("role")),
    of=_cards.join(Credit, Credit.article_id == Article.id),
)
articles_with_question = Listing(
    ArticleQuestion.question_id == bindparam("question"),
    of=_cards.join(ArticleQuestion, ArticleQuestion.article_id == Article.id),
)
_other = aliased(Article)
_newest_of_category = (
    select(_other.id)
    .where(_other.category_id == Category.id, _other.is_live)
    .order_by(_other.published_at.desc(), _other.slug)
    .limit(bindparam("size"))
    .correlate(Category)
)
newest_of_categories = Prepared(
    select(*_CARD)
    .select_from(Category)
    .join(Article, Article.id.in_(_newest_of_category))
    .outerjoin(Media, Media.id == Article.cover_id)
    .order_by(Category.name, Category.slug, *NEWEST_FIRST),
    _card,
)
"""The newest `size` cards of every category, category by category."""

_of: BindParameter[int] = bindparam("article")
_sharing = select(article_tag.c.article_id.label("article"), literal(1).label("shared")).where(
    article_tag.c.tag_id.in_(select(article_tag.c.tag_id).where(article_tag.c.article_id == _of)),
)
_beside = (
    select(_other.id)
    .where(_other.category_id == bindparam("category"), _other.is_live)
    .order_by(_other.published_at.desc(), _other.slug)
    .limit(bindparam("size") + 1)
    .subquery()
)
"""The newest of its category: of those that share nothing else, no older one can come closer."""
_near = union_all(_sharing, select(_beside.c.id, literal(0))).subquery()
_closeness = (
    select(_near.c.article, func.sum(_near.c.shared).label("shared"))
    .where(_near.c.article != _of)
    .group_by(_near.c.article)
    .subquery()
)
_same_category = func.coalesce(_other.category_id == bindparam("category"), 0)
_closest = (
    select(_other.id, (_closeness.c.shared + _same_category).label("closeness"))
    .join(_closeness, _closeness.c.article == _other.id)
    .where(_other.is_live)
    .order_by(desc("closeness"), _other.published_at.desc(), _other.slug)
    .limit(bindparam("size"))
    .subquery()
)
"""Chosen before anything else of them is read."""
_related = Prepared(
    _cards.join(_closest, _closest.c.id == Article.id).order_by(_closest.c.closeness.desc(), *NEWEST_FIRST),
    _card,
)


def related_articles(article: ShownArticle, size: int) -> list[Card]:
    """Return the live articles that share the most tags with this one; its category counts as one tag."""
    return _related.all(article=article.id, category=article.category_id, size=size)
