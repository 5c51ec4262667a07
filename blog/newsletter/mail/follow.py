"""The mail to a reader who follows an article that has changed."""

from datetime import datetime

from blog.lib.words import gettext as _
from blog.outbox.kinds import Letter

from .shell import Links, composed_for_list


def follow(
    to: str, *, title: str, link: str, reviewed: bool, stop: str, ends: datetime, links: Links
) -> Letter:
    """Return the mail: the article was reviewed again, or else updated; `stop` ends this wish alone.

    Its one-click target is leaving the newsletter, as in every letter.
    """
    says = (
        _("You follow this article. It was reviewed again.")
        if reviewed
        else _("You follow this article. It was significantly updated.")
    )
    subject = (
        _("Reviewed again: %(title)s", title=title) if reviewed else _("Updated: %(title)s", title=title)
    )
    return composed_for_list(
        "follow", to, subject, links, preview=says, title=title, link=link, says=says, stop=stop, ends=ends
    )
