"""A setting of the site, as kept in the database."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import Model


class StoredSetting(Model):
    """What the team chose for one declared setting; absent means the default."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
