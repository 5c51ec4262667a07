"""The home page."""

from itertools import groupby
from typing import NamedTuple

from flask import render_template
from sqlalchemy import func, select, union_all

from blog.content import reading
from blog.content.models import Article, ArticleQuestion, Question
from blog.content.shapes import Card, PageLink, Topic
from blog.lib.answering import public_blueprint
from blog.lib.canonical import site_url
from blog.lib.db import this_moment
from blog.lib.linked_data import graph
from blog.lib.prepared import Prepared
from blog.settings import identity

blueprint = public_blueprint("home", __name__)

LATEST = 6
PER_SECTION = 3
QUESTIONS = 6
RECENT = 100
"""So many articles, and questions that stand alone, are looked at for popular questions."""


_recent = select(Article.id).where(Article.is_live).order_by(*reading.NEWEST_FIRST).limit(RECENT).subquery()
_uses = (
    select(ArticleQuestion.question_id, func.count().label("articles"))
    .join(_recent, _recent.c.id == ArticleQuestion.article_id)
    .group_by(ArticleQuestion.question_id)
    .subquery()
)
_alone = (
    select(Question.id)
    .where(Question.stands_alone, Question.published_at <= this_moment())
    .order_by(Question.published_at.desc(), Question.slug)
    .limit(RECENT)
)
_most_used = Prepared(
    select(Question.question, "/faq/" + Question.slug)
    .outerjoin(_uses, _uses.c.question_id == Question.id)
    .where(Question.id.in_(union_all(select(_uses.c.question_id), select(_alone.subquery().c.id))))
    .order_by(
        func.coalesce(_uses.c.articles, 0).desc(),
        Question.stands_alone.desc(),
        Question.question,
        Question.slug,
    )
    .limit(QUESTIONS),
    PageLink,
)
"""Questions that most of the recent articles use, then those that stand alone."""


class Section(NamedTuple):
    """One category with its newest articles."""

    category: Topic
    articles: list[Card]


@blueprint.get("/")
def index() -> str:
    """Show the lead article, what is new, every category and questions that many ask."""
    newest = reading.all_articles.part(LATEST + 1)
    return render_template(
        "site/home.html",
        lead=newest[0] if newest else None,
        latest=newest[1:],
        sections=_sections({card.slug for card in newest}),
        questions=[{"question": title, "path": path} for title, path in _most_used.all()],
        feed="/feed.xml",
        linked_data=graph([_website()]),
    )


def _sections(above: set[str]) -> list[Section]:
    """Return every category that stands on live articles; what the page shows above comes last in it."""
    # Enough of each to show other ones than those above, where it has any.
    cards = reading.newest_of_categories.all(size=LATEST + 1 + PER_SECTION)
    return [
        Section(category, sorted(articles, key=lambda card: card.slug in above)[:PER_SECTION])
        for category, articles in groupby(cards, key=lambda card: card.category)
        if category
    ]


def _website() -> dict[str, object]:
    url = site_url()
    return {
        "@type": "WebSite",
        "@id": f"{url}/#website",
        "url": f"{url}/",
        "name": identity.title.get(),
        "description": identity.description.get() or identity.tagline.get(),
        "inLanguage": identity.language.get(),
        "publisher": {
            "@type": "Organization",
            "@id": f"{url}/#publisher",
            "name": identity.publisher_name(),
        },
    }
