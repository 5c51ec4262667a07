"""Reading what is published in lists: the cards of a listing, of every category, beside an article."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    func,
    select,
    type_coerce,
    union,
)
from sqlalchemy.orm import aliased

from blog.lib.db import this_moment
from blog.lib.edition import per_edition
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
)
NEWEST_FIRST = (Article.published_at.desc(), Article.id.desc())
"""The order of every list of articles. Of one moment the row added last comes first: so an index alone knows it."""
_live = select(Article.id).where(Article.is_live).order_by(*NEWEST_FIRST)


def _card(*columns: Any) -> Card:
    return Card._make((*columns[:5], Topic.category(*columns[5:7]), Cover.maybe(*columns[7:10])))


class Listing:
    """A list of cards that can be read in parts, newest first.

    `ids` are those of all its articles, in order; an index gives them, so that skipping costs little.
    """

    def __init__(self, ids: Select[int]) -> None:
        self._ids = ids
        self._part = Prepared(self.newest(_cards, skip=bindparam("skip")), _card)
        self._count = Prepared(select(func.count()).select_from(ids.order_by(None).subquery()), int)

    def newest(self, of: Any, *, skip: BindParameter[int] | None = None) -> Any:
        """Return a question about articles, asked of the newest `size` of this list alone."""
        chosen = self._ids.limit(bindparam("size")).offset(skip).subquery()
        return of.join(chosen, chosen.c[0] == Article.id).order_by(*NEWEST_FIRST)

    def part(self, size: int, skip: int = 0, **values: object) -> list[Card]:
        """Return `size` cards after the first `skip`."""
        return self._part.all(size=size, skip=skip, **values)

    @per_edition
    def count(self, **values: object) -> int:
        """Return how many cards there are in all."""
        return self._count.first(**values) or 0


def _carrying(table: Any, *conditions: Any) -> Select[int]:
    """Return the articles that a row of another table ties to something, which carries when they appear."""
    appeared = table.published_at <= this_moment()
    order = (table.published_at.desc(), table.article_id.desc())
    return select(table.article_id).where(*conditions, appeared).order_by(*order)


all_articles = Listing(_live)
articles_in_category = Listing(_live.where(Article.category_id == bindparam("category")))
articles_with_tag = Listing(_carrying(article_tag.c, article_tag.c.tag_id == bindparam("tag")))
articles_by_person = Listing(
    _carrying(Credit, Credit.person_id == bindparam("person"), Credit.role == bindparam("role"))
)
articles_with_question = Listing(
    _live.join(ArticleQuestion, ArticleQuestion.article_id == Article.id).where(
        ArticleQuestion.question_id == bindparam("question")
    )
)


@per_edition
def newest_cards(size: int) -> list[Card]:
    """Return the newest cards of all."""
    return all_articles.part(size)


def latest_beside(article: ShownArticle, size: int) -> list[Card]:
    """Return the newest cards but this article's own."""
    return [card for card in newest_cards(size + 1) if card.slug != article.slug][:size]


_other = aliased(Article)
_newest_of_category = (
    select(_other.id)
    .where(_other.category_id == Category.id, _other.is_live)
    .order_by(_other.published_at.desc(), _other.id.desc())
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

COMPARED = 12
"""So many of the newest articles with each tag are compared: how many there are must not slow the page."""

_of: BindParameter[int] = bindparam("article")
_category: BindParameter[int | None] = bindparam("category", type_=Article.category_id.type)
_own, _near, _shared = (article_tag.alias(name) for name in ("own", "near", "shared"))
_newest_of_tag = (
    select(_near.c.article_id)
    .where(_near.c.tag_id == _own.c.tag_id, _near.c.published_at <= this_moment())
    .order_by(_near.c.published_at.desc(), _near.c.article_id.desc())
    .limit(COMPARED)
    .correlate(_own)
)
_sharing = (
    select(_other.id)
    .select_from(_own)
    .join(_other, _other.id.in_(_newest_of_tag))
    .where(_own.c.article_id == _of)
)
_beside = (
    _live.with_only_columns(Article.id)
    .where(Article.category_id == _category)
    .limit(bindparam("size") + 1)
    .subquery()
)
"""The newest of its category: of those that share nothing else, no older one can come closer."""
_candidates = union(_sharing, select(_beside.c.id)).subquery()
_tags_in_common = (
    select(func.count())
    .select_from(_own)
    .join(_shared, _shared.c.tag_id == _own.c.tag_id)
    .where(_own.c.article_id == _of, _shared.c.article_id == _other.id)
    .correlate(_other)
    .scalar_subquery()
)
_closeness = (_tags_in_common + func.coalesce(_other.category_id == _category, 0)).label("closeness")
_closest = (
    select(_other.id, _closeness)
    .join(_candidates, _candidates.c.id == _other.id)
    .where(_other.id != _of)
    .order_by(_closeness.desc(), _other.published_at.desc(), _other.id.desc())
    .limit(bindparam("size"))
    .subquery()
)
_related = Prepared(
    _cards.join(_closest, _closest.c.id == Article.id).order_by(_closest.c.closeness.desc(), *NEWEST_FIRST),
    _card,
)


def related_articles(article: ShownArticle, size: int) -> list[Card]:
    """Return the live articles that share the most tags with this one; its category counts as one tag.

    Where many share a tag, the newest of them are compared.
    """
    return _related.all(article=article.id, category=article.category_id, size=size)
