"""Where pictures stand in texts."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class PictureUse(Model):
    """One text that shows a picture, or leads to it; written by picturing.py whenever a text is written."""

    __tablename__ = "picture_use"
    # A picture by its name is asked for each time, so no page becomes another when a row here does.
    __table_args__ = (Index("ix_picture_use_name", "name"), UNSEEN)

    kind: Mapped[str] = mapped_column(primary_key=True)
    """Table of the text's row: `article`, `question`, `page` or `person`."""
    owner: Mapped[int] = mapped_column(primary_key=True)
    """Id of that row."""
    name: Mapped[str] = mapped_column(primary_key=True)
    """The picture's name, whether there is such a picture or not: `sleep.jpg`."""
