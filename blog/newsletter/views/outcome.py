"""What became of a post of the signup card: its message, and the form that goes on from there."""

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template

from blog.lib.htmx import asked_by_htmx, fragment
from blog.lib.words import gettext as _
from blog.lib.words import ngettext

ADDRESS, CODE = "address", "code"


@dataclass(frozen=True)
class Outcome:
    """What became of a post."""

    status: int
    message: str
    detail: str
    state: str
    """How the message looks: done, code (done, and a code is asked for), again or error."""
    form: str = ""
    """Which form the card holds now: that for the address, that for the code, or none."""
    retry_after: int = 0

    @property
    def accepted(self) -> bool:
        """Tell whether it went as the visitor wished."""
        return self.state in ("done", "code")


def answered(outcome: Outcome, page: str, **context: Any) -> Response:
    """Answer in place for htmx, else with a whole page."""
    if asked_by_htmx():
        response = fragment("newsletter/_answer.html", outcome.status, outcome=outcome, **context)
    else:
        text = render_template(page, robots="noindex", outcome=outcome, **context)
        response = make_response(text, outcome.status)
    if outcome.retry_after:
        response.headers["Retry-After"] = str(outcome.retry_after)
    return response


def received() -> Outcome:
    """Return the answer to every accepted signup; it must be true for any address, whatever follows by mail."""
    detail = _("Look for our mail: its code or its link completes your signup.")
    return Outcome(200, _("Thank you! Your submission has been received!"), detail, "code", CODE)


def oops() -> str:
    """Return what every refusal begins with."""
    return _("Oops! Something went wrong while submitting the form.")


def foreign(form: str) -> Outcome:
    """Return the refusal of a post from another site."""
    detail = _("The form was sent from another site. Please send it from this page.")
    return Outcome(403, oops(), detail, "error", form)


def too_many(seconds: int, form: str) -> Outcome:
    """Return the refusal of a client that tried too often."""
    minutes = max(1, -(-seconds // 60))
    detail = ngettext(
        "There were too many tries from your network. Please try again in %(num)s minute.",
        "There were too many tries from your network. Please try again in %(num)s minutes.",
        minutes,
    )
    return Outcome(429, oops(), detail, "error", form, retry_after=minutes * 60)
