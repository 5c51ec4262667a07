"""One of every mail, made from values alone."""

import datetime as dt

from blog.newsletter.mail.access import access
from blog.newsletter.mail.confirmation import already, confirmation, welcome
from blog.newsletter.mail.follow import follow, wish
from blog.newsletter.mail.notice import notice
from blog.newsletter.mail.shell import Links
from blog.newsletter.models import Purpose
from blog.outbox.kinds import Letter

HOME = "https://journal.example.org"
TOKEN = "Zx8" * 12
LINKS = Links(f"{HOME}/newsletter/leave/{'l' * 43}", f"{HOME}/newsletter/preferences/{'p' * 40}")
CONFIRM = f"{HOME}/newsletter/confirm/{TOKEN}"
STOP = f"{HOME}/newsletter/follow/{TOKEN}"
ARTICLE = f"{HOME}/articles/sleep-and-memory"
DAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
DEE = "dee@example.org"


def every_mail() -> dict[str, Letter]:
    """Return one of each but issues, by name. Needs the application."""
    return {
        "confirmation": confirmation(DEE, code="048213", link=CONFIRM),
        "already": already(DEE, links=LINKS),
        "welcome": welcome(DEE, links=LINKS),
        "address": access(DEE, Purpose.ADDRESS, link=CONFIRM),
        "move": access(DEE, Purpose.MOVE, link=CONFIRM),
        "download": access(DEE, Purpose.DOWNLOAD, link=CONFIRM),
        "erase": access(DEE, Purpose.ERASE, link=CONFIRM),
        "wish": wish(DEE, title="Schlaf & Gedächtnis", link=CONFIRM),
        "follow": follow(
            DEE,
            title="Schlaf & <i>Gedächtnis</i>",
            link=ARTICLE,
            reviewed=False,
            stop=STOP,
            ends=DAY,
            links=LINKS,
        ),
        "notice": notice("team@example.org", sentence="Der Versand <ruht>.", since=DAY),
    }
