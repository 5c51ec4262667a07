"""A question and its answer: standing alone, or used by articles."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog.lib.db import Model

from .topic import Category


class Question(Model):
    """One row, however many articles use it.

    Public when it stands alone and is published, or when a live article uses it (queries.is_public_question).
    """

    __tablename__ = "question"
    __table_args__ = (
        Index("ix_question_listed", "listed_category_id", "question", "id", "shown_from", "listed_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    stands_alone: Mapped[bool] = mapped_column(default=False)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"), index=True)
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    """Only for those that stand alone; null is draft, future is scheduled."""
    question: Mapped[str]
    answer: Mapped[str]
    answer_html: Mapped[str] = mapped_column(default="")
    answer_text: Mapped[str] = mapped_column(default="")
    """The words of the answer without any marks: what search and linked data read."""
    rendered_with: Mapped[str] = mapped_column(default="")

    # Kept by the database from this row and the articles that use it (carrying.py); written by nobody else.
    shown_from: Mapped[datetime | None]
    """When it becomes public: alone, or with the first article that uses it."""
    listed_category_id: Mapped[int | None]
    """Its own category, else that of the oldest published or scheduled article that uses it and has one."""
    listed_from: Mapped[datetime | None] = mapped_column(index=True)
    """From when on it is listed under that category."""

    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/faq/{self.slug}"

    @property
    def anchor(self) -> str:
        """Return its id inside an article."""
        return f"q-{self.slug}"
