"""Signing up: inline for htmx, as a page for everyone else."""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from blog.lib.answering import public_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.lib.hosts import client_network
from blog.lib.htmx import asked_by_htmx, fragment
from blog.lib.throttling import client_key, count_try, wait_until_fewer
from blog.lib.words import gettext as _
from blog.lib.words import ngettext
from blog.newsletter.forms import SignupForm
from blog.newsletter.subscribing import Visitor, ask
from blog.newsletter.wording import key_of, shown_words

blueprint = public_blueprint("newsletter", __name__)

LATER_FROM = 30
"""From this many posts of one client in ten minutes on, its requests are kept and mailed later."""
MOST_PER_HOUR = 300
"""More posts than this of one client within an hour are refused."""


def show_forms(app: Flask) -> None:
    """Give every template what a signup form shows and carries."""

    @app.context_processor
    def around() -> dict[str, object]:
        return {"signup": FormAround()}


class FormAround:
    """What stands around the field of a signup form; read only by pages that show one."""

    @cached_property
    def wording(self) -> str:
        """Return the words that the visitor agrees to."""
        return shown_words()

    @cached_property
    def wording_key(self) -> str:
        """Return the key of those words, which the form carries."""
        return key_of(self.wording)

    @cached_property
    def page_path(self) -> str:
        """Return the path of the page that the form stands on."""
        return request.path


@blueprint.get("/newsletter/thanks")
def thanks() -> str:
    """Say thank you to a visitor whose browser runs no script."""
    return render_template(
        "newsletter/thanks.html", robots="noindex", message=_thank_you(), detail=_what_next()
    )


@dataclass(frozen=True)
class Outcome:
    """What became of a signup post."""

    status: int
    message: str
    detail: str
    retry_after: int = 0
    asks_again: bool = False

    @property
    def accepted(self) -> bool:
        """Tell whether the request was kept."""
        return self.status == 200 and not self.asks_again


@blueprint.post("/newsletter/signup")
def signup() -> AnyResponse:
    """Take a request for the newsletter."""
    form = SignupForm()
    outcome = _foreign() if is_foreign() else _decide(form)
    if outcome.accepted and not asked_by_htmx():
        return redirect("/newsletter/thanks", code=303)
    return _answer(form, outcome)


def _decide(form: SignupForm) -> Outcome:
    """Count the try and keep the request, in one transaction, unless something speaks against it."""
    valid, at, network = form.validate(), now(), client_network()
    with write():
        pace = count_try("signup", network, at)
        if pace.last_hour > MOST_PER_HOUR:
            return _too_many(int(wait_until_fewer("signup", network, MOST_PER_HOUR, at).total_seconds()))
        if form.caught:
            return Outcome(200, _("Please press once more."), _pressed_once(), asks_again=True)
        if not valid or form.address is None:
            return Outcome(422, _oops(), str(form.email.errors[0]))
        visitor = Visitor(network=client_key("mail", network), later=pace.last_ten_minutes >= LATER_FROM)
        ask(form.address, form.origin, visitor, at=at)
    return Outcome(200, _thank_you(), _what_next())


def _answer(form: SignupForm, outcome: Outcome) -> Response:
    context = {
        "place": form.known_place,
        "page_path": form.origin.page,
        "email": form.email.data or "",
        "outcome": outcome,
    }
    if asked_by_htmx():
        response = fragment("newsletter/_answer.html", outcome.status, **context)
    else:
        page = render_template("newsletter/signup.html", robots="noindex", **context)
        response = make_response(page, outcome.status)
    if outcome.retry_after:
        response.headers["Retry-After"] = str(outcome.retry_after)
    return response


def _thank_you() -> str:
    return _("Thank you! Your submission has been received!")


def _oops() -> str:
    return _("Oops! Something went wrong while submitting the form.")


def _what_next() -> str:
    return _("We have kept your address for the newsletter. There is nothing more to do here.")


def _pressed_once() -> str:
    return _("A hidden field was filled in, perhaps by your browser. Your address is still here.")


def _foreign() -> Outcome:
    return Outcome(403, _oops(), _("The form was sent from another site. Please send it from this page."))


def _too_many(seconds: int) -> Outcome:
    minutes = max(1, -(-seconds // 60))
    detail = ngettext(
        "There were too many tries from your network. Please try again in %(num)s minute.",
        "There were too many tries from your network. Please try again in %(num)s minutes.",
        minutes,
    )
    return Outcome(429, _oops(), detail, retry_after=minutes * 60)
