"""A writer that is killed in the middle: `python -m tests.serving.dying TITLE before_commit|after_commit`."""

import os
import signal
import sys
from typing import Any

from sqlalchemy import event

from app import create_app
from blog.content.models import Article
from blog.lib.db import db, write


def die(_session: Any) -> None:
    """End this process as no process wants to end."""
    os.kill(os.getpid(), signal.SIGKILL)


def rename_and_die(title: str, moment: str) -> None:
    """Give the article of the test another title, and die at a moment of the commit."""
    with create_app().app_context(), write() as session:
        session.query(Article).filter_by(slug="left-behind").one().title = title
        session.flush()
        event.listen(db.session(), moment, die)


if __name__ == "__main__":
    rename_and_die(*sys.argv[1:])
