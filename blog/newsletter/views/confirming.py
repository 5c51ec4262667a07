"""Confirming a signup: the form for the code, and the page behind the link in the mail."""

from flask import Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from blog.lib.answering import personal_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.lib.hosts import client_network
from blog.lib.htmx import asked_by_htmx
from blog.lib.throttling import count_try, wait_until_fewer
from blog.lib.words import gettext as _
from blog.newsletter.signup.confirming import Finding, confirm_by_code, confirm_by_link, look_at_link
from blog.newsletter.signup.forms import CodeForm

from .browser import known_browser
from .outcome import CODE, Outcome, answered, foreign, oops, received, too_many

blueprint = personal_blueprint("confirming", __name__)

MOST_PER_HOUR = 300
"""More codes than this of one client within an hour are refused, whatever they are for."""
CONFIRMED = "/newsletter/thanks"


@blueprint.get("/newsletter/confirm")
def code_form() -> str:
    """Thank a visitor whose browser runs no script, and ask for the code; reads nothing and writes nothing."""
    handle = request.args.get("r", "")[:128]
    context = {"place": "confirm", "outcome": received(), "handle": handle} if handle else {}
    return render_template("newsletter/confirm.html", robots="noindex", **context)


@blueprint.post("/newsletter/confirm")
def code() -> AnyResponse:
    """Take a code."""
    form = CodeForm()
    outcome = foreign(CODE) if is_foreign() else _decide(form)
    if outcome.accepted and not asked_by_htmx():
        return redirect(CONFIRMED, code=303)
    carried = {
        "place": form.known_place,
        "handle": (form.handle.data or "")[:128],
        "code": form.code.data or "",
    }
    return answered(outcome, "newsletter/confirm.html", **carried)


def _decide(form: CodeForm) -> Outcome:
    """Count the try and compare the code, in one transaction."""
    at, network = now(), client_network()
    with write():
        if count_try("confirm", network, at).last_hour > MOST_PER_HOUR:
            wait = wait_until_fewer("confirm", network, MOST_PER_HOUR, at)
            return too_many(int(wait.total_seconds()), CODE)
        found = confirm_by_code(form.handle.data or "", form.code.data or "", at=at)
    if found is Finding.CONFIRMED:
        return Outcome(200, _("You are in."), _("The newsletter comes to your mailbox from now on."), "done")
    # The same for a code that is wrong, too old, tried too often, or was never mailed.
    detail = _(
        "This code does not fit. A code works for an hour and allows five tries; the link works for a week."
    )
    return Outcome(422, oops(), detail, "error", CODE)


@blueprint.get("/newsletter/confirm/<token>")
def link(token: str) -> AnyResponse:
    """Show the one button; the page's script asks at once whether this is the browser that signed up."""
    return _page_of(look_at_link(token, at=now()))


@blueprint.post("/newsletter/confirm/<token>")
def press(token: str) -> AnyResponse:
    """Confirm: because the button was pressed, or, asked by the script, because this browser signed up."""
    if is_foreign():
        return make_response(_link_page(refused=True), 403)
    asked_by_script = "auto" in request.form
    with write():
        found = confirm_by_link(token, browser=known_browser(), pressed=not asked_by_script, at=now())
    if found is Finding.CONFIRMED:
        return redirect(CONFIRMED, code=303)
    return Response(status=204) if asked_by_script else _page_of(found)


def _page_of(found: Finding) -> Response:
    if found is Finding.CONFIRMED:
        return make_response(render_template("newsletter/confirmed.html", robots="noindex"))
    if found is Finding.ASKS:
        return make_response(_link_page())
    return make_response(render_template("newsletter/confirm.html", robots="noindex", worthless=True), 404)


def _link_page(**context: bool) -> str:
    return render_template("newsletter/confirm_link.html", robots="noindex", confirmed=CONFIRMED, **context)
