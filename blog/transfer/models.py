"""What is remembered of the files that were imported."""

from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class ImportedFile(Model):
    """A file of a content folder, as it was when it was last imported."""

    __tablename__ = "imported_file"
    __table_args__ = UNSEEN

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    """Its path in the folder: `articles/sleep.md`."""
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id", ondelete="CASCADE"), index=True)
    """The article it became; a file is known by this even after its slug has changed."""
    fingerprint: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What it said, in digests; a row that says something else was changed here (deciding.py)."""
