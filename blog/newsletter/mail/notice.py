"""The mail that tells the team what needs a person."""

from datetime import datetime

from blog.lib.words import gettext as _
from blog.outbox.kinds import Letter
from blog.settings import identity

from .shell import composed


def notice(to: str, *, sentence: str, since: datetime) -> Letter:
    """Return the mail to the team: one sentence, noticed at this moment."""
    subject = _("Mail of %(site)s needs a person", site=identity.title.get())
    return composed("notice", to, subject, preview=sentence, sentence=sentence, since=since)
