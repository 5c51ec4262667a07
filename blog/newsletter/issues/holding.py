"""What holds every issue back, whoever said Send: a fence, or something that no letter may lack."""

from blog.outbox.fencing import is_fenced
from blog.settings import identity


def obstacle() -> str:
    """Return why no issue may go out now, in a sentence that says what to do; empty where nothing is in the way."""
    if not identity.postal_address.get():
        return "Every letter must show the team's postal address; set site.postal_address first."
    if is_fenced():
        return (
            "These data may be a copy of others that still send; `newsletter unfence` says that they are not."
        )
    return ""
