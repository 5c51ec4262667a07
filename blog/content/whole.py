"""Reading whole articles: one with everything its page shows, or as many as a feed has."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Generic

from sqlalchemy import String, bindparam, func, select, type_coerce

from blog.lib.clock import now
from blog.lib.prepared import Prepared, Row
from blog.media.models import Media

from .links import hidden_targets, without_hidden_destinations, without_hidden_links
from .models import (
    Article,
    ArticleQuestion,
    Category,
    Correction,
    Credit,
    CreditRole,
    Person,
    Question,
    Reference,
    Tag,
    article_tag,
)
from .reading import RENDITIONS, all_articles, articles_by_person, articles_in_category
from .shapes import Answered, Cited, Contributor, Corrected, Cover, ShownArticle, Topic

_FIELDS = (
    *("id", "slug", "title", "summary", "tldr", "tldr_html", "body", "body_html", "headings", "words"),
    *("published_at", "updated_at", "reviewed_on", "next_review_on", "disclosure", "making", "cover_alt"),
    "category_id",
)
_article = (
    select(
        *(getattr(Article, name) for name in _FIELDS),
        *(Category.slug, Category.name, RENDITIONS, Media.width, Media.height),
    )
    .outerjoin(Category, Category.id == Article.category_id)
    .outerjoin(Media, Media.id == Article.cover_id)
)
_by_slug = Prepared(
    _article.where(Article.is_live, Article.slug == bindparam("slug")), lambda *columns: columns
)
_newest_articles = {
    key: Prepared(listing.newest(_article), lambda *columns: columns)
    for key, listing in (
        ("", all_articles),
        ("category", articles_in_category),
        ("person", articles_by_person),
    )
}
_asked = select(func.json_each(bindparam("articles")).table_valued("value").c.value)
"""The articles in question: their ids as a JSON array, so that one statement serves one and twenty."""


class _Parts(Generic[Row]):
    """What articles have several of, read for all of them at once."""

    def __init__(self, owner: Any, statement: Any, make: Callable[..., Row]) -> None:
        asked = statement.add_columns(owner).where(owner.in_(_asked))
        self._rows = Prepared(asked, lambda *columns: (columns[-1], make(*columns[:-1])))

    def among(self, articles: str) -> dict[int, list[Row]]:
        """Return the parts of each of these articles, in order."""
        found: dict[int, list[Row]] = defaultdict(list)
        for article, part in self._rows.all(articles=articles):
            found[article].append(part)
        return found


_tags = _Parts(
    article_tag.c.article_id,
    select(Tag.slug, Tag.name).join(article_tag, article_tag.c.tag_id == Tag.id).order_by(Tag.slug),
    Topic.tag,
)
_contributors = _Parts(
    Credit.article_id,
    select(type_coerce(Credit.role, String), Person.slug, Person.name, Person.credentials)
    .join(Person, Person.id == Credit.person_id)
    .order_by(Credit.role, Credit.position),
    Contributor,
)
_questions = _Parts(
    ArticleQuestion.article_id,
    select(
        Question.id,
        Question.slug,
        Question.question,
        Question.answer,
        Question.answer_html,
        Question.answer_text,
    )
    .join(ArticleQuestion, ArticleQuestion.question_id == Question.id)
    .order_by(ArticleQuestion.position),
    Answered,
)
_references = _Parts(
    Reference.article_id,
    select(
        Reference.position + 1,
        Reference.title,
        Reference.authors,
        Reference.source,
        Reference.year,
        Reference.doi,
        Reference.pmid,
        Reference.url,
    ).order_by(Reference.position),
    Cited,
)
_corrections = _Parts(
    Correction.article_id,
    select(Correction.date, Correction.note).order_by(Correction.position),
    Corrected,
)


def live_article(slug: str) -> ShownArticle | None:
    """Return one article that readers may see, with all its page shows."""
    return next(iter(_whole(_by_slug.all(slug=slug))), None)


def newest_articles(size: int, **of: int) -> list[ShownArticle]:
    """Return the newest whole articles: of all, or of `category=id`, or written by `person=id`."""
    key = next(iter(of), "")
    role = {"role": CreditRole.AUTHOR} if key == "person" else {}
    return _whole(_newest_articles[key].all(size=size, **of, **role))


def _whole(rows: list[tuple[Any, ...]]) -> list[ShownArticle]:
    """Return these articles with their parts, in a number of questions that does not grow with them."""
    if not rows:
        return []
    articles = json.dumps([columns[0] for columns in rows])
    several: dict[str, _Parts[Any]] = {
        "tags": _tags,
        "contributors": _contributors,
        "questions": _questions,
        "references": _references,
        "corrections": _corrections,
    }
    parts: dict[str, dict[int, Any]] = {name: of_them.among(articles) for name, of_them in several.items()}
    return [_with_parts(columns, parts) for columns in rows]


def _with_parts(columns: tuple[Any, ...], parts: dict[str, dict[int, Any]]) -> ShownArticle:
    values: dict[str, Any] = dict(zip(_FIELDS, columns, strict=False))
    values |= {name: found.get(columns[0], []) for name, found in parts.items()}
    if values["updated_at"] and values["updated_at"] > now():
        values["updated_at"] = None  # what is only planned has not been changed yet
    _hide(values)
    return ShownArticle(**values, category=Topic.category(*columns[-5:-3]), cover=Cover.maybe(*columns[-3:]))


def _hide(values: dict[str, Any]) -> None:
    """Leave only the words of links to what readers may not see, in the HTML and in the Markdown."""
    answers: list[Answered] = values["questions"]
    hidden = hidden_targets(
        [values["body_html"], values["tldr_html"], *(answered.answer_html for answered in answers)]
    )
    if not hidden:
        return
    for name in ("body", "tldr"):
        values[f"{name}_html"] = without_hidden_links(values[f"{name}_html"])
        values[name] = without_hidden_destinations(values[name], hidden)
    values["questions"] = [
        answered._replace(
            answer=without_hidden_destinations(answered.answer, hidden),
            answer_html=without_hidden_links(answered.answer_html),
        )
        for answered in answers
    ]
