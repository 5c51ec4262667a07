"""Public pages of articles."""

from flask import Response, abort, render_template

from blog.content import queries, reading, whole
from blog.content.shapes import ShownArticle
from blog.lib.answering import public_blueprint
from blog.lib.canonical import absolute
from blog.lib.db import db
from blog.lib.linked_data import graph
from blog.lib.paging import paged
from blog.lib.store import reads
from blog.lib.words import gettext as _

from .linked_data import article_graph
from .plain_markdown import as_markdown
from .splitting import split_after_first_third

blueprint = public_blueprint("articles", __name__)

PER_PAGE = 20
LATEST = 5
RELATED = 3


@blueprint.get("/articles")
@reads("page")
def index() -> str:
    """List all articles, newest first."""
    articles, pager = paged(reading.all_articles, size=PER_PAGE, path="/articles")
    return render_template(
        "articles/listing.html",
        heading=_("Articles"),
        here="/articles",
        articles=articles,
        pager=pager,
        feed="/feed.xml",
    )


@blueprint.get("/articles/<slug:slug>")
def show(slug: str) -> str:
    """Show one article with all that speaks for it."""
    article = whole.live_article(slug) or abort(404)
    first, rest = split_after_first_third(article)
    breadcrumb = _breadcrumb(article)
    return render_template(
        "articles/show.html",
        article=article,
        first_html=first,
        rest_html=rest,
        latest=reading.latest_beside(article, LATEST),
        related=reading.related_articles(article, RELATED),
        breadcrumb=breadcrumb,
        description=article.summary,
        linked_data=graph(article_graph(article, breadcrumb)),
    )


@blueprint.get("/articles/<slug:slug>.md")
def markdown(slug: str) -> Response:
    """Show one article as Markdown, for programs and for people who like plain text."""
    article = whole.live_article(slug) or abort(404)
    return Response(as_markdown(article, absolute(article.path)), mimetype="text/markdown")


@blueprint.get("/categories/<slug:slug>")
@reads("page")
def category(slug: str) -> str:
    """List the articles of a category."""
    found = db.session.scalar(queries.shown_category(slug)) or abort(404)
    articles, pager = paged(reading.articles_in_category, size=PER_PAGE, path=found.path, category=found.id)
    return render_template(
        "articles/listing.html",
        heading=found.name,
        here=found.path,
        within=True,
        articles=articles,
        pager=pager,
        feed=f"{found.path}/feed.xml",
    )


@blueprint.get("/tags/<slug:slug>")
@reads("page")
def tag(slug: str) -> str:
    """List the articles that carry a tag."""
    found = db.session.scalar(queries.shown_tag(slug)) or abort(404)
    articles, pager = paged(reading.articles_with_tag, size=PER_PAGE, path=found.path, tag=found.id)
    return render_template("articles/listing.html", heading=found.name, articles=articles, pager=pager)


def _breadcrumb(article: ShownArticle) -> list[dict[str, str]]:
    steps = [{"name": _("Articles"), "path": "/articles"}]
    if article.category:
        steps.append({"name": article.category.name, "path": article.category.path})
    return steps
