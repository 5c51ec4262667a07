"""How the newsletter's commands say things."""

from datetime import datetime

from blog.newsletter.issues.drafting import Words
from blog.newsletter.issues.moments import in_words
from blog.settings import identity


def moment(at: datetime) -> str:
    """Return a moment in the site's time zone."""
    return in_words(at, identity.zone())


def topics_of(words: Words) -> str:
    """Return whom an issue is for."""
    return f"readers of {', '.join(words.topics)}" if words.topics else "everybody"
