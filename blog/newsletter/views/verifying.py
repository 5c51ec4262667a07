"""What a fresh link leads to: one page with one button, which changes the address, downloads, or erases."""

from datetime import datetime

from flask import Response, abort, json, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from blog.lib.answering import personal_blueprint
from blog.lib.clock import now
from blog.lib.db import write
from blog.lib.forms import is_foreign
from blog.newsletter.disclosing import everything_about
from blog.newsletter.erasing import erase
from blog.newsletter.masking import masked
from blog.newsletter.models import MailedLink, Method, Purpose, Subscriber
from blog.newsletter.moving import move
from blog.newsletter.verifying import ask_new_address, owner_of, usable
from blog.newsletter.wiping import backup_days, wipe

from .broken import broken_link

blueprint = personal_blueprint("fresh_links", __name__)

Answer = AnyResponse | str | tuple[str, int]


@blueprint.get("/newsletter/preferences/<any(address, move, download, erase):purpose>/<token>")
def show(purpose: str, token: str) -> Answer:
    """Say what the button does; nothing happens by looking."""
    link = usable(Purpose(purpose), token, now())
    return _page(link, owner_of(link)) if link else broken_link()


@blueprint.post("/newsletter/preferences/<any(address, move, download, erase):purpose>/<token>")
def act(purpose: str, token: str) -> Answer:
    """Do what the link is for, and use it up."""
    if is_foreign():
        abort(403)
    do = {"address": _allow_move, "move": _move, "download": _download, "erase": _erase}[purpose]
    return do(token, now())


def _allow_move(token: str, at: datetime) -> Answer:
    with write():
        link = usable(Purpose.ADDRESS, token, at)
        if link is None:
            return broken_link()
        ask_new_address(link, at=at)
    return _done("address")


def _move(token: str, at: datetime) -> Answer:
    with write():
        link = usable(Purpose.MOVE, token, at)
        subscriber = owner_of(link) if link else None
        if link is None or subscriber is None or not move(subscriber, link, at=at):
            return broken_link()
    return _done("move", masked=masked(subscriber.address or ""))


def _download(token: str, at: datetime) -> Answer:
    with write():
        link = usable(Purpose.DOWNLOAD, token, at)
        if link is None:
            return broken_link()
        link.used_at = at
        subscriber = owner_of(link)
    text = json.dumps(everything_about(subscriber), indent=2, ensure_ascii=False, sort_keys=False)
    response = Response(text + "\n", mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="newsletter.json"'
    return response


def _erase(token: str, at: datetime) -> Answer:
    with write():
        link = usable(Purpose.ERASE, token, at)
        if link is None:
            return broken_link()
        addresses = erase(owner_of(link), Method.PAGE, at=at)
    wipe(addresses)
    return _done("erase", backup_days=int(backup_days.get()))


def _page(link: MailedLink, subscriber: Subscriber) -> str:
    address = link.data.get("address") or subscriber.address
    return render_template(
        "newsletter/fresh.html",
        robots="noindex",
        canonical=None,
        purpose=link.purpose.value,
        path=request.path,
        masked=masked(address or ""),
        backup_days=int(backup_days.get()),
    )


def _done(purpose: str, **context: object) -> str:
    return render_template(
        "newsletter/freshly_done.html", robots="noindex", canonical=None, purpose=purpose, **context
    )
