"""An article, with who answers for it, what it stands on and what was corrected."""

import datetime as dt
import enum
from typing import Any

from sqlalchemy import JSON, ColumnElement, Enum, ForeignKey, Index, UniqueConstraint
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from blog.lib.clock import now
from blog.lib.db import Model, this_moment
from blog.media.models import Media

from .person import Person
from .question import Question
from .topic import Category, Tag, article_tag


class CreditRole(enum.StrEnum):
    """What a person did for an article."""

    AUTHOR = "author"
    REVIEWER = "reviewer"


class Credit(Model):
    """One person's part in one article."""

    __tablename__ = "credit"
    __table_args__ = (
        UniqueConstraint("article_id", "role", "person_id"),
        Index("ix_credit_newest", "person_id", "role", "published_at", "article_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[CreditRole] = mapped_column(
        Enum(CreditRole, native_enum=False, length=10, values_callable=lambda roles: [r.value for r in roles])
    )
    position: Mapped[int]
    published_at: Mapped[dt.datetime | None]
    """The article's own, kept by the database (carrying.py)."""

    person: Mapped[Person] = relationship(lazy="raise_on_sql")


class ArticleQuestion(Model):
    """The place of a question in an article."""

    __tablename__ = "article_question"

    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), primary_key=True, index=True)
    position: Mapped[int]

    question: Mapped[Question] = relationship(lazy="raise_on_sql")


class Reference(Model):
    """A source that an article stands on."""

    __tablename__ = "reference"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    title: Mapped[str]
    authors: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default="")
    year: Mapped[int | None]
    doi: Mapped[str] = mapped_column(default="")
    pmid: Mapped[str] = mapped_column(default="")
    url: Mapped[str] = mapped_column(default="")


class Correction(Model):
    """What was put right after publication, and when."""

    __tablename__ = "correction"

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    date: Mapped[dt.date]
    note: Mapped[str]


class Article(Model):
    """What readers come for. `published_at` null, future or past is draft, scheduled or live."""

    __tablename__ = "article"
    __table_args__ = (Index("ix_article_category_newest", "category_id", "published_at"),)

    # What listings ask for comes first: SQLite walks a long row from its beginning.
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    published_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("media.id"))
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    cover_alt: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[dt.datetime | None] = mapped_column(index=True)
    """A significant change, set by hand; not the row's last write."""
    reviewed_on: Mapped[dt.date | None]
    next_review_on: Mapped[dt.date | None]
    disclosure: Mapped[str] = mapped_column(default="")
    making: Mapped[str] = mapped_column(default="")
    tldr: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")

    # Made from the Markdown when it is saved (rendering.py); `rerender` makes all anew.
    words: Mapped[int] = mapped_column(default=0)
    rendered_with: Mapped[str] = mapped_column(default="")
    headings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    text: Mapped[str] = mapped_column(default="")
    """The words of the TL;DR and the body without any marks: what search reads."""
    tldr_html: Mapped[str] = mapped_column(default="")
    body_html: Mapped[str] = mapped_column(default="")

    category: Mapped[Category | None] = relationship(lazy="raise_on_sql")
    cover: Mapped[Media | None] = relationship(lazy="raise_on_sql")
    tags: Mapped[list[Tag]] = relationship(secondary=article_tag, order_by=Tag.slug, lazy="raise_on_sql")
    credits: Mapped[list[Credit]] = relationship(
        order_by=Credit.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    question_places: Mapped[list[ArticleQuestion]] = relationship(
        order_by=ArticleQuestion.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    references: Mapped[list[Reference]] = relationship(
        order_by=Reference.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    corrections: Mapped[list[Correction]] = relationship(
        order_by=Correction.position, cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @hybrid_property
    def is_live(self) -> bool:
        """Tell whether readers may see it at this moment."""
        return self.published_at is not None and self.published_at <= now()

    @is_live.inplace.expression
    @classmethod
    def _is_live_in_sql(cls) -> ColumnElement[bool]:
        return cls.published_at <= this_moment()

    @property
    def path(self) -> str:
        """Return its public address."""
        return f"/articles/{self.slug}"

    @property
    def authors(self) -> list[Person]:
        """Return who wrote it, in order."""
        return [credit.person for credit in self.credits if credit.role is CreditRole.AUTHOR]

    @property
    def reviewers(self) -> list[Person]:
        """Return who reviewed it, in order."""
        return [credit.person for credit in self.credits if credit.role is CreditRole.REVIEWER]

    @property
    def questions(self) -> list[Question]:
        """Return its questions, in order."""
        return [place.question for place in self.question_places]
