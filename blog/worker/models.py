"""What is known of each chore: when it ran, when it will, how it went."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from blog.lib.db import UNSEEN, Model


class Chore(Model):
    """One recurring chore; its row is what workers claim a run by."""

    __tablename__ = "chore"
    __table_args__ = UNSEEN

    name: Mapped[str] = mapped_column(primary_key=True)
    last_run_at: Mapped[datetime | None]
    """When its last run began."""
    next_run_at: Mapped[datetime]
    missed_runs: Mapped[int] = mapped_column(default=0)
    """How many of its times passed while no worker was there, all in all."""
    seconds: Mapped[float | None]
    """How long its last run took; none while it runs, or when it was broken off."""
    problem: Mapped[str] = mapped_column(default="")
    """Why its last run failed, in a sentence; empty where it did not."""
