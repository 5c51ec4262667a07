"""Where readers find what is published: addresses that are free, and old ones that still lead there."""

from sqlalchemy import delete, select

from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.redirects.models import Redirect
from blog.redirects.moving import move

from .models import Article

FIXED_ADDRESSES = frozenset(
    {
        *("articles", "categories", "tags", "people", "faq", "search", "newsletter", "preview"),
        *(
            "feed",
            "sitemap",
            "sitemaps",
            "robots",
            "healthz",
            "media",
            "static",
            "desk",
            "favicon",
            "well-known",
        ),
    }
)
"""First parts of addresses that the site needs itself (those with a dot in them can be no slug)."""

_FIXED_FILES = frozenset({"feed.xml", "feed.json", "sitemap.xml", "robots.txt", "favicon.ico", ".well-known"})
_HOLD_CONTENT = frozenset({"articles", "categories", "tags", "people", "faq"})
"""Below these, addresses come and go: `/articles/sleep` can be an old one, `/articles` cannot."""


def check_page_address(slug: str) -> None:
    """Refuse a slug for a page that would hide one of the site's own addresses."""
    if slug in FIXED_ADDRESSES:
        raise Refused(f"A page cannot be called “{slug}”: the site needs /{slug} itself.")


def check_old_address(path: str) -> None:
    """Refuse an old address that is one of the site's own: nobody would ever be led on from it."""
    first, *more = path.removeprefix("/").split("/")
    if (
        not first
        or first in _FIXED_FILES
        or (first in FIXED_ADDRESSES and not (more and first in _HOLD_CONTENT))
    ):
        raise Refused(f"{path} cannot be an old address: the site needs it itself.")


def rename_article(article: Article, slug: str) -> None:
    """Give the article another slug; its old address leads to the new one."""
    if article.slug == slug:
        return
    if db.session.scalar(select(Article.id).where(Article.slug == slug)):
        raise Refused(f"Another article has the address /articles/{slug}.")
    old = article.path
    article.slug = slug
    db.session.flush()
    move(old, article.path)


def take_address(path: str) -> None:
    """Let an address be what stands there now, even if it was an old address of something else."""
    db.session.execute(delete(Redirect).where(Redirect.path == path))
