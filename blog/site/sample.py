"""The issue of the newsletter that the sample journal has sent, so that `demo` shows an archive."""

from pathlib import Path

from sqlalchemy import exists, select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.newsletter.issues.drafting import issue_named, make
from blog.newsletter.issues.freezing import start
from blog.newsletter.issues.reading import read_draft
from blog.newsletter.mail.issues import freeze
from blog.newsletter.models import Issue, Subscriber


def send_samples(folder: Path) -> None:
    """Send the issues of a folder to everybody, while there is nobody: they only stand in the archive.

    Where there is an issue or a subscriber already, nothing happens.
    """
    if db.session.scalar(select(exists(select(Issue.id)) | exists(select(Subscriber.id)))):
        return
    for file in sorted(folder.glob("*.md")):
        words = read_draft(file)
        with write():
            slug = make(words, at=now()).slug
        frozen = freeze(issue_named(slug))
        with write():
            start(issue_named(slug), frozen, at=now())
