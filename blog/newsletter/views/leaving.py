"""The page of leaving, which is the target of one-click leaving as well (RFC 8058)."""

from datetime import datetime

from flask import abort, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from blog.lib.answering import personal_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.newsletter.leaving import come_back, leave, may_come_back
from blog.newsletter.links import subscriber_who_may_leave
from blog.newsletter.models import Method, Subscriber

from .broken import broken_link

blueprint = personal_blueprint("leaving", __name__)


@blueprint.get("/newsletter/leave/<token>")
def show(token: str) -> str | tuple[str, int]:
    """Ask with one button; nothing happens by looking."""
    subscriber = subscriber_who_may_leave(token)
    return _page(subscriber, now()) if subscriber else broken_link()


@blueprint.post("/newsletter/leave/<token>")
def act(token: str) -> Response | str | tuple[str, int]:
    """Take the subscriber out at once, whoever posts whatever: a mail program, our button, nothing readable at all.

    Only the undo is asked for by a field of its own. A page is shown with 200 when the person is out, and not before.
    """
    at, pressed = now(), _pressed()
    if pressed == "undo" and is_foreign():
        abort(403)
    with write():
        subscriber = subscriber_who_may_leave(token)
        if subscriber is None:
            return broken_link()
        if pressed == "undo":
            come_back(subscriber, at=at)
        elif not subscriber.erased_at:
            leave(subscriber, Method.PAGE if pressed == "leave" else Method.ONE_CLICK, at=at)
    if pressed == "leave":
        return redirect(request.path, code=303)
    return _page(subscriber, at, back=pressed == "undo" and subscriber.left_at is None)


def _pressed() -> str:
    """Return which button of ours was pressed: leave, undo, or nothing that we know."""
    try:
        return request.form.get("press", "")
    except HTTPException:  # a body that cannot be read is no reason to keep anybody
        return ""


def _page(subscriber: Subscriber, at: datetime, *, back: bool = False) -> str:
    template = "left" if subscriber.left_at or subscriber.erased_at else "leave"
    return render_template(
        f"newsletter/{template}.html",
        robots="noindex",
        canonical=None,
        erased=subscriber.erased_at is not None,
        may_undo=may_come_back(subscriber, at),
        back=back,
    )
