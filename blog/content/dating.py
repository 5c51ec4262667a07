"""When something last changed for readers, and which day it is where the site is."""

from datetime import date, datetime, time

from blog.lib.clock import now
from blog.settings import identity


def today() -> date:
    """Return the day that it is now in the site's time zone."""
    return now().astimezone(identity.zone()).date()


def latest(*moments: datetime | date | None) -> datetime | None:
    """Return the latest of moments and days that have come; a day begins at midnight in the site's zone.

    What is only planned has not changed anything yet.
    """
    zone = identity.zone()
    known = [
        moment if isinstance(moment, datetime) else datetime.combine(moment, time(), zone)
        for moment in moments
        if moment is not None
    ]
    return max((moment for moment in known if moment <= now()), default=None)
