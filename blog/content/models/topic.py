"""What articles are sorted by: one category each, any number of tags."""

from sqlalchemy import Column, ForeignKey, Index, Table
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import Base, Model, UtcDateTime


class Category(Model):
    """A section of the journal."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/categories/{self.slug}"


class Tag(Model):
    """A word that joins articles across categories."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/tags/{self.slug}"


article_tag = Table(
    "article_tag",
    Base.metadata,
    Column("article_id", ForeignKey("article.id", ondelete="CASCADE"), primary_key=True),
    Column("tag_id", ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True),
    Column("published_at", UtcDateTime),  # the article's own, kept by the database (carrying.py)
    Index("ix_article_tag_newest", "tag_id", "published_at"),
    sqlite_with_rowid=False,  # then the index by tag says which article without another look
)
