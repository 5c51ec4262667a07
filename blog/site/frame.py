"""What every page shows around its own content."""

from functools import cached_property
from typing import Any

from flask import Flask, request

from blog.content import queries
from blog.content.shapes import PageLink, Topic
from blog.lib.canonical import absolute, site_url
from blog.lib.edition import per_edition
from blog.settings import identity


class Frame:
    """The site as templates see it; what a page does not show is not read."""

    @cached_property
    def title(self) -> str:
        """Return the name of the site."""
        return identity.title.get()

    @cached_property
    def tagline(self) -> str:
        """Return the line under the title."""
        return identity.tagline.get()

    @cached_property
    def description(self) -> str:
        """Return the sentence for search engines."""
        return identity.description.get() or identity.tagline.get()

    @cached_property
    def language(self) -> str:
        """Return the site's one language."""
        return identity.language.get()

    @cached_property
    def publisher(self) -> str:
        """Return who publishes the site."""
        return identity.publisher_name()

    @cached_property
    def postal_address(self) -> str:
        """Return the team's postal address."""
        return identity.postal_address.get()

    @cached_property
    def notice(self) -> str:
        """Return the sentence at the foot of every page."""
        return identity.notice.get()

    @cached_property
    def url(self) -> str:
        """Return the site's canonical address without a trailing slash."""
        return site_url()

    @cached_property
    def pages(self) -> list[PageLink]:
        """Return the pages that the foot lists."""
        return _pages()

    @cached_property
    def categories(self) -> list[Topic | None]:
        """Return the categories that the head lists."""
        return _categories()


@per_edition
def _pages() -> list[PageLink]:
    return queries.page_links.all()


@per_edition
def _categories() -> list[Topic | None]:
    return queries.shown_categories.all()


def frame_pages(app: Flask) -> None:
    """Give every template the site around it and the canonical address of the page."""

    @app.context_processor
    def around() -> dict[str, Any]:
        return {"site": Frame(), "canonical": _canonical()}


def _canonical() -> str | None:
    """Return the absolute address of this page; head.html adds the number of a listing's later page."""
    if request.method not in ("GET", "HEAD") or request.url_rule is None:
        return None
    return absolute(request.path)
