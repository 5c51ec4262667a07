"""Mails to readers who follow an article: is it you who asks, and it has changed."""

from datetime import datetime

from blog.lib.words import gettext as _
from blog.outbox.kinds import Letter

from .shell import Links, composed, composed_for_list


def wish(to: str, *, title: str, link: str) -> Letter:
    """Return the mail whose link, good once, confirms that this reader wants to follow an article."""
    says = _(
        "Somebody, most likely you, asked to be told at this address when this article changes: “%(title)s”.",
        title=title,
    )
    does = _("Tell me when it changes")
    return composed("access", to, _("Follow an article"), says=says, does=does, link=link)


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
