"""Someone who writes or reviews."""

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog.lib.db import Model
from blog.media.models import Media


class Person(Model):
    """An author or reviewer, with what qualifies them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    introduced: Mapped[bool] = mapped_column(default=False)
    """Whether the team introduced them in a file of their own; then they have a page in any case."""
    credentials: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    photo_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    orcid: Mapped[str] = mapped_column(default="")
    links: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """Each `{"title": ..., "url": ...}`."""
    body: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")
    rendered_with: Mapped[str] = mapped_column(default="")

    photo: Mapped[Media | None] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> str:
        """Return their public address."""
        return f"/people/{self.slug}"
