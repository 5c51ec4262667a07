"""Following an article: a page that asks, and two that a mailed link opens, each with one button."""

from flask import abort, redirect, render_template, request
from sqlalchemy import bindparam, select
from werkzeug.wrappers import Response
from wtforms import StringField

from blog.content.models import Article
from blog.lib.answering import personal_blueprint, public_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.lib.hosts import client_network
from blog.lib.prepared import Prepared
from blog.lib.throttling import count_try
from blog.lib.words import gettext as _
from blog.newsletter.following.asking import ask_to_follow
from blog.newsletter.following.keeping import article_of, follow_by, followed_by, stop
from blog.newsletter.models import Purpose
from blog.newsletter.signup.forms import SignupForm
from blog.newsletter.verifying import usable

from .broken import broken_link

blueprint = public_blueprint("following", __name__)
links = personal_blueprint("following_links", __name__)

MOST_PER_HOUR = 30
"""More posts than this of one client within an hour are refused."""

Answer = Response | str | tuple[str, int]
_live = Prepared(
    select(Article.id, Article.slug, Article.title).where(Article.is_live, Article.slug == bindparam("slug")),
    lambda *row: row,
)


class FollowForm(SignupForm):
    """What a reader posts: an address, and the article's slug."""

    article = StringField()


@blueprint.get("/newsletter/follow/<slug:slug>")
def ask(slug: str) -> str:
    """Ask for the address of a reader who wants to hear when this article changes."""
    _id, _slug, title = _live.first(slug=slug) or abort(404)
    return _page(slug, title)


@blueprint.get("/newsletter/follow")
def asked() -> str:
    """Say what comes next, the same for every address."""
    return render_template("newsletter/follow_asked.html", robots="noindex")


@blueprint.post("/newsletter/follow")
def keep() -> Answer:
    """Take the wish; whoever reads the newsletter gets a mail that asks whether it is theirs."""
    if is_foreign():
        abort(403)
    form, at = FollowForm(), now()
    article, slug, title = _live.first(slug=form.article.data or "") or abort(404)
    valid = form.validate()
    with write():
        if count_try("follow", client_network(), at).last_hour > MOST_PER_HOUR:
            return _page(slug, title, form.email.data or "", _too_many()), 429
        if not valid or form.address is None:
            return _page(slug, title, form.email.data or "", str(form.email.errors[0])), 422
        ask_to_follow(form.address, article, at=at)
    return redirect("/newsletter/follow", code=303)


@links.get("/newsletter/preferences/follow/<token>")
def confirm(token: str) -> Answer:
    """Ask with one button; nothing happens by looking."""
    link = usable(Purpose.FOLLOW, token, now())
    article = article_of(link) if link else None
    return _asks_to("follow", article) if article else broken_link()


@links.post("/newsletter/preferences/follow/<token>")
def follow(token: str) -> Answer:
    """Let the owner of the link follow the article."""
    if is_foreign():
        abort(403)
    with write():
        link = usable(Purpose.FOLLOW, token, now())
        article = follow_by(link, at=now()) if link else None
    return _asks_to("follow", article, done=True) if article else broken_link()


@links.get("/newsletter/preferences/unfollow/<token>")
def confirm_end(token: str) -> Answer:
    """Ask with one button; nothing happens by looking."""
    return _asks_to("unfollow") if followed_by(token) else broken_link()


@links.post("/newsletter/preferences/unfollow/<token>")
def end(token: str) -> Answer:
    """End following; as often as it is pressed."""
    if is_foreign():
        abort(403)
    with write():
        followed = followed_by(token)
        if followed is None:
            return broken_link()
        stop(*followed)
    return _asks_to("unfollow", done=True)


def _page(slug: str, title: str, email: str = "", problem: str = "") -> str:
    return render_template(
        "newsletter/follow.html", robots="noindex", slug=slug, title=title, email=email, problem=problem
    )


def _asks_to(what: str, article: Article | None = None, *, done: bool = False) -> str:
    return render_template(
        f"newsletter/{what}_link.html",
        robots="noindex",
        canonical=None,
        article=article,
        done=done,
        path=request.path,
    )


def _too_many() -> str:
    return _("There were too many tries from your network. Please try again in an hour.")
