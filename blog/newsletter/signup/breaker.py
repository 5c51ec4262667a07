"""The breaker: how many mails signing up may lead to within an hour, whoever asks; the rest waits."""

from datetime import datetime, timedelta

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.lib.throttling import count_try, pace_of
from blog.lib.words import gettext as _
from blog.outbox.models import Notice
from blog.outbox.telling import all_clear, tell_team
from blog.settings.declaring import Setting

NOTICE = "newsletter.breaker"
"""What the team is told under, once."""
QUIET = timedelta(days=1)
LOOK_AGAIN = timedelta(seconds=15)
"""How often the slow lane is looked at."""
LOOKS_PER_HOUR = 240
_LATER = "newsletter.later"


def _some(typed: str) -> str:
    value = typed.strip()
    if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value)):
        raise Refused(_("Write a whole number, at least 1."))
    return str(int(value))


# A household or an office that hears of the newsletter together is far below ten within the hour; a large school is
# not, and its mails come a little later.
network_cap = Setting(
    "newsletter.mails_per_network_hour",
    "10",
    "Confirmation mails within an hour that one network of visitors may cause; more wait.",
    _some,
)
# Half of all: on a good day half of the readers have their mailbox at one large provider, and none of them should wait
# for that. Yet an attack on the mailboxes of one domain leaves the other half to everybody else.
domain_cap = Setting(
    "newsletter.mails_per_domain_hour",
    "250",
    "Confirmation mails within an hour to mailboxes of one domain; more wait.",
    _some,
)
# What a small sender may send in a burst without looking like one that was broken into.
total_cap = Setting(
    "newsletter.mails_per_hour", "500", "Confirmation mails within an hour in total; more wait.", _some
)


def may_mail(network: str, domain: str, *, at: datetime) -> bool:
    """Tell whether the caps leave room for one more mail, asked for by this network, to this domain."""
    return all(
        pace_of(cap.key, whose, at).last_hour < int(cap.get()) for cap, whose in _counted(network, domain)
    )


def count_mail(network: str, domain: str, *, later: bool, at: datetime) -> None:
    """Count a mail. Call inside write()."""
    for cap, whose in _counted(network, domain):
        count_try(cap.key, whose, at)
    if later:
        count_try(_LATER, "", at)


def room_for_later(at: datetime) -> int:
    """Return how many mails may go at this look to those who wait in the slow lane.

    They get half of the total cap, spread over the hour, so that the other half is for those who ask meanwhile.
    """
    cap = int(total_cap.get())
    left = min(
        max(1, cap // 12) - pace_of(_LATER, "", at).last_ten_minutes,
        cap - pace_of(total_cap.key, "", at).last_hour,
    )
    return max(0, min(left, max(1, cap // 2 // LOOKS_PER_HOUR)))


def tell_of_waiting() -> None:
    """Tell the team, once, that requests wait. Call inside write()."""
    tell_team(
        NOTICE,
        "More people sign up for the newsletter than its caps let through, perhaps a program among them: what is "
        "over the caps is mailed later, by and by. If all of them are welcome, raise newsletter.mails_per_hour, "
        "newsletter.mails_per_domain_hour or newsletter.mails_per_network_hour.",
    )


def end_notice(at: datetime) -> None:
    """Note that it is over, a day after the team was told; opens its own write() if there is something to note.

    Not sooner: a program that goes on at the edge of a cap would have the team told every hour.
    """
    told = db.session.get(Notice, NOTICE)
    over = told is not None and told.over_at is None and told.since < at - QUIET
    db.session.rollback()
    if over:
        with write():
            all_clear(NOTICE)


def _counted(network: str, domain: str) -> list[tuple[Setting, str]]:
    """Return what a mail counts towards; of requests older than this feature no network is known."""
    known = [(network_cap, network)] if network else []
    return [*known, (domain_cap, domain), (total_cap, "")]
