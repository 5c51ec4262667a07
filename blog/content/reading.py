"""Reading what is published in lists: the cards of a listing, of every category, beside an article."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    Select,
    String,
    bindparam,
    exists,
    func,
    or_,
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
_other, _beside_it = aliased(Article), aliased(Article)
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

FEW = 40
"""Up to so many articles that share a tag are all compared; of more, the newest are."""
NEWEST = 24

_of: BindParameter[int] = bindparam("article")
_category: BindParameter[int | None] = bindparam("category", type_=Article.category_id.type)
_its_tags = select(article_tag.c.tag_id).where(article_tag.c.article_id == _of)
_sharing = select(article_tag.c.article_id).where(article_tag.c.tag_id.in_(_its_tags))
_shared = (
    select(func.count())
    .select_from(article_tag)
    .where(article_tag.c.article_id == _other.id, article_tag.c.tag_id.in_(_its_tags))
    .correlate(_other)
    .scalar_subquery()
)
_in_its_category = func.coalesce(_other.category_id == _category, 0)
_near = select(
    _other.id, _other.published_at, _other.slug, (_shared + _in_its_category).label("closeness")
).where(_other.is_live, _other.id != _of)
_newest_other = (_other.published_at.desc(), _other.slug)


def _closest(near: Select[*tuple[Any, ...]]) -> Prepared[Card]:
    """Prepare the closest of some articles; they are chosen before anything else of them is read."""
    rows = near.subquery()
    order = (rows.c.closeness.desc(), rows.c.published_at.desc(), rows.c.slug)
    chosen = select(rows.c.id, rows.c.closeness).order_by(*order).limit(bindparam("size")).subquery()
    cards = _cards.join(chosen, chosen.c.id == Article.id)
    return Prepared(cards.order_by(chosen.c.closeness.desc(), *NEWEST_FIRST), _card)


_beside = (
    select(_beside_it.id)
    .where(_beside_it.category_id == _category, _beside_it.is_live)
    .order_by(_beside_it.published_at.desc(), _beside_it.slug)
    .limit(bindparam("size") + 1)
)
"""The newest of its category: of those that share nothing else, no older one can come closer."""
_how_many = Prepared(select(func.count()).select_from(_sharing.subquery()), int)
_of_all = _closest(_near.where(_other.id.in_(union_all(_sharing, select(_beside.subquery().c.id)))))
_of_newest = _closest(
    _near.where(
        or_(
            _other.category_id == _category,
            exists().where(article_tag.c.article_id == _other.id, article_tag.c.tag_id.in_(_its_tags)),
        )
    )
    .order_by(*_newest_other)
    .limit(NEWEST)
)


def related_articles(article: ShownArticle, size: int) -> list[Card]:
    """Return the live articles that share the most tags with this one; its category counts as one tag.

    Where many share a tag, the newest of them are compared: their number must not slow the page.
    """
    many = (_how_many.first(article=article.id) or 0) > FEW
    return (_of_newest if many else _of_all).all(article=article.id, category=article.category_id, size=size)
