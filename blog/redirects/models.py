"""An old address."""

from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import Model


class Redirect(Model):
    """An address that once was, and the address that took its place."""

    __tablename__ = "redirect"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(unique=True)
    """Decoded and without a trailing slash: `/post/sleep`."""
    target: Mapped[str] = mapped_column(index=True)
