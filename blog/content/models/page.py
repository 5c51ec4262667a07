"""A page that is not an article: about, privacy, editorial policy."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import Model


class Page(Model):
    """A page at the top of the site; the foot of every page lists it."""

    __tablename__ = "page"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rendered_with: Mapped[str] = mapped_column(default="")

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/{self.slug}"
