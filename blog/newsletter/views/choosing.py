"""The page of preferences: topics, a pause, leaving, the record; what needs a fresh link is asked for here."""

from collections.abc import Callable
from datetime import datetime

from flask import abort, redirect, render_template, request
from werkzeug.wrappers import Response

from blog.content.queries import shown_categories
from blog.lib.addresses import address_from
from blog.lib.answering import personal_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.lib.words import gettext as _
from blog.newsletter.bouncing import is_paused_by_bounces
from blog.newsletter.choosing import PAUSES, choose_topics, chosen_topics, end_pause, pause
from blog.newsletter.disclosing import record_of
from blog.newsletter.leaving import leave
from blog.newsletter.links import leave_path, subscriber_who_may_choose
from blog.newsletter.masking import masked
from blog.newsletter.models import Method, Purpose, Subscriber
from blog.newsletter.recounting import in_words
from blog.newsletter.verifying import ask_fresh_link
from blog.newsletter.wiping import backup_days

from .broken import broken_link

blueprint = personal_blueprint("preferences", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/newsletter/preferences/<token>")
def show(token: str) -> Answer:
    """Show what the subscriber chose, and what was recorded."""
    subscriber = subscriber_who_may_choose(token, now())
    return _page(subscriber, done=request.args.get("done", "")) if subscriber else broken_link()


@blueprint.post("/newsletter/preferences/<token>")
def act(token: str) -> Answer:
    """Do what was pressed, then show the page again."""
    at, do = now(), _DEEDS.get(request.form.get("press", ""))
    if is_foreign():
        abort(403)
    if do is None:
        abort(400)
    with write():
        subscriber = subscriber_who_may_choose(token, at)
        if subscriber is None:
            return broken_link()
        done = do(subscriber, at)
    if done == "malformed":
        return _page(subscriber, typed=request.form.get("email", ""), malformed=True), 422
    if done == "left":
        return redirect(leave_path(subscriber), code=303)
    return redirect(f"{request.path}?done={done}", code=303)


def _page(subscriber: Subscriber, done: str = "", typed: str = "", *, malformed: bool = False) -> str:
    at, chosen = now(), {one.slug: one.name for one in chosen_topics(subscriber)}
    shown = {topic.slug: topic.name for topic in shown_categories.all() if topic}
    resting = subscriber.paused_until if subscriber.paused_until and subscriber.paused_until > at else None
    return render_template(
        "newsletter/preferences.html",
        robots="noindex",
        canonical=None,
        subscriber=subscriber,
        masked=masked(subscriber.address or ""),
        topics=sorted((shown | chosen).items(), key=lambda topic: topic[1]),
        chosen=chosen,
        pauses=PAUSES,
        resting=resting,
        failing=is_paused_by_bounces(subscriber),
        record=record_of(subscriber),
        in_words=in_words,
        backup_days=int(backup_days.get()),
        said=_said(done),
        typed=typed,
        malformed=malformed,
    )


def _said(done: str) -> str:
    """Return the sentence for what was just done."""
    sentences = {
        "topics": _("Your choice of topics is kept."),
        "paused": _("You get no letters until your pause is over."),
        "resumed": _("Your pause is over; the next letter comes to you."),
        "sent": _("Please look into your mailbox: a link is on its way, good for one hour."),
        "enough": _("Three such links were mailed within a day, and no more will be. Please try tomorrow."),
    }
    return sentences.get(done, "")


def _topics(subscriber: Subscriber, _at: datetime) -> str:
    everything = request.form.get("scope") != "chosen"
    choose_topics(subscriber, request.form.getlist("topic"), everything=everything)
    return "topics"


def _pause_for(months: int) -> Callable[[Subscriber, datetime], str]:
    def rest(subscriber: Subscriber, at: datetime) -> str:
        pause(subscriber, months, at=at)
        return "paused"

    return rest


def _resume(subscriber: Subscriber, _at: datetime) -> str:
    end_pause(subscriber)
    return "resumed"


def _leave(subscriber: Subscriber, at: datetime) -> str:
    leave(subscriber, Method.PAGE, at=at)
    return "left"


def _move(subscriber: Subscriber, at: datetime) -> str:
    new = address_from(request.form.get("email", ""))
    if new is None:
        return "malformed"
    return "sent" if ask_fresh_link(subscriber, Purpose.ADDRESS, at=at, to=new) else "enough"


def _mail(purpose: Purpose) -> Callable[[Subscriber, datetime], str]:
    return lambda subscriber, at: "sent" if ask_fresh_link(subscriber, purpose, at=at) else "enough"


_DEEDS: dict[str, Callable[[Subscriber, datetime], str]] = {
    "topics": _topics,
    **{f"pause-{months}": _pause_for(months) for months in PAUSES},
    "resume": _resume,
    "leave": _leave,
    "address": _move,
    "download": _mail(Purpose.DOWNLOAD),
    "erase": _mail(Purpose.ERASE),
}
"""What each button does; it returns the word for what is said next."""
