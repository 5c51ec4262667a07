"""Signing up: inline for htmx, as a page for everyone else."""

from functools import cached_property

from flask import Flask, redirect, render_template, request
from werkzeug.wrappers import Response

from blog.lib.answering import public_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.lib.hosts import client_network
from blog.lib.htmx import asked_by_htmx
from blog.lib.throttling import client_key, count_try, wait_until_fewer
from blog.lib.tokens import hash_of_token
from blog.lib.words import gettext as _
from blog.newsletter.signup.codes import handle_of
from blog.newsletter.signup.forms import SignupForm
from blog.newsletter.signup.subscribing import Request, Visitor, ask
from blog.newsletter.signup.wording import key_of, shown_words

from .browser import cookie_value, remember_browser
from .outcome import ADDRESS, Outcome, answered, foreign, oops, received, too_many

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
        """Return the path of the page that the form stands on; a path that is a key is not told further."""
        return "/newsletter" if "token" in (request.view_args or {}) else request.path


@blueprint.get("/newsletter/thanks")
def thanks() -> str:
    """Say to whoever confirmed that they are in."""
    return render_template("newsletter/confirmed.html", robots="noindex")


@blueprint.post("/newsletter/signup")
def signup() -> Response:
    """Take a request for the newsletter."""
    form = SignupForm()
    browser = cookie_value()
    outcome, asked = (foreign(ADDRESS), None) if is_foreign() else _decide(form, hash_of_token(browser))
    if asked is None:
        return answered(outcome, "newsletter/signup.html", **_carried(form))
    response = _next_step(form, outcome, handle_of(asked.id, asked.seed))
    remember_browser(response, browser)
    return response


def _decide(form: SignupForm, browser: str) -> tuple[Outcome, Request | None]:
    """Count the try and keep the request, in one transaction, unless something speaks against it."""
    valid, at, network = form.validate(), now(), client_network()
    with write():
        pace = count_try("signup", network, at)
        if pace.last_hour > MOST_PER_HOUR:
            wait = wait_until_fewer("signup", network, MOST_PER_HOUR, at)
            return too_many(int(wait.total_seconds()), ADDRESS), None
        if form.caught:
            return Outcome(200, _("Please press once more."), _pressed_once(), "again", ADDRESS), None
        if not valid or form.address is None:
            return Outcome(422, oops(), str(form.email.errors[0]), "error", ADDRESS), None
        visitor = Visitor(
            network=client_key("mail", network),
            browser=browser,
            later=pace.last_ten_minutes >= LATER_FROM,
            turn=pace.last_hour,
        )
        return received(), ask(form.address, form.origin, visitor, at=at)


def _next_step(form: SignupForm, outcome: Outcome, handle: str) -> Response:
    """Ask for the code: in place, or on a page of its own."""
    if asked_by_htmx():
        return answered(outcome, "", handle=handle, **_carried(form))
    return redirect(f"/newsletter/confirm?r={handle}", code=303)


def _carried(form: SignupForm) -> dict[str, str]:
    """Return what a form that comes back carries on."""
    return {"place": form.known_place, "page_path": form.origin.page, "email": form.email.data or ""}


def _pressed_once() -> str:
    return _("A hidden field was filled in, perhaps by your browser. Your address is still here.")
