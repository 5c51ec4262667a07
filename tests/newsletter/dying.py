"""Signups that are killed on their way, at a chosen step: in the web process, or in the worker that answers them.

    python -m tests.newsletter.dying FOLDER LOG PORT PLACE:MOMENT:NUMBER...

FOLDER holds a database that was set up; a mail server listens on PORT and appends what it takes to LOG. PLACE is
`post` or `worker`. For each step it says in one line of JSON what became of the signup.
"""

import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.newsletter.models import Consent, MailedLink, SignupRequest, Subscriber
from blog.newsletter.signup.answering import answer_requests
from blog.newsletter.signup.codes import code_of, handle_of
from blog.newsletter.signup.confirming import Finding, confirm_by_code
from blog.outbox.models import Delivery, State
from tests.outbox.dying import AFTER_THE_LEASE, Death, in_a_child, ready, taken
from tests.outbox.sending import send_all

from .visiting import Visitor


@dataclass
class Found:
    """What became of one signup, and of its mail."""

    step: str
    killed: bool
    """False where it was over before the step came."""
    presses: int
    """Two where the first was killed before its answer."""
    answer: str
    """What the visitor got at last: status and headers, without what is drawn by lot."""
    kept: int
    """How many presses are in the database."""
    proofs: int
    waiting: int
    """Requests that nobody answered after another worker had been there."""
    mails: list[str]
    """The states of the mails to this address."""
    copies: int
    """How often the server took one, under the same Message-ID."""
    names: int
    confirmed: bool
    """Whether the code of the mail lets the person in."""


class DeathAtStatements(Death):
    """Comes before any statement as well, BEGIN and COMMIT among them."""

    def lurk(self) -> None:
        """Let every moment of this process be one at which it may come."""
        super().lurk()
        event.listen(db.engine, "connect", self._watch)

    def _watch(self, connection: Any, _record: object) -> None:
        connection.set_trace_callback(lambda _: self.may_come("statement"))


def work() -> None:
    """Answer who waits, and send the mail."""
    answer_requests()
    send_all()


def finish() -> None:
    """Do what a worker that died has left, when its lease is over."""
    with held_at(now() + AFTER_THE_LEASE):
        work()


def kill_at(app: Flask, log: Path, number: int, step: str) -> Found:
    """Let somebody sign up, kill who serves or who answers them, and let others finish."""
    place, moment, count = step.split(":")
    heard, email = len(taken(log)), f"reader-{number}@example.org"
    said = Path(app.config["INSTANCE"]) / f"said-{number}"

    def press() -> None:
        visitor = Visitor(app, f"198.51.{number // 250}.{number % 250 + 1}")
        answer = visitor.sign_up(email)
        headers = sorted(name for name, _ in answer.headers)
        shown = answer.headers.get("Location", "").partition("?")[0]
        said.write_text(f"{answer.status_code} {shown} {headers}", "utf-8")

    def die(life: Any) -> None:
        DeathAtStatements(moment, int(count)).lurk()
        life()

    presses = 1
    killed = in_a_child(app, (lambda: die(press)) if place == "post" else press)
    if not said.exists():
        presses = 2
        assert not in_a_child(app, press)
    killed |= in_a_child(app, (lambda: die(work)) if place == "worker" else work)
    assert not in_a_child(app, finish)
    found = Found(step, killed, presses, said.read_text("utf-8"), **look(email, taken(log)[heard:]))
    db.session.remove()
    db.engine.dispose()  # the next child must not use a connection of this process
    return found


def look(email: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare the database with what the server took, and let the person in."""
    (whose,) = db.session.scalars(select(Subscriber).where(Subscriber.key == email)).all()
    requests = db.session.scalars(select(SignupRequest).where(SignupRequest.subscriber_id == whose.id)).all()
    proofs = db.session.scalars(select(Consent).where(Consent.subscriber_id == whose.id)).all()
    mails = db.session.scalars(select(Delivery).where(Delivery.hash == whose.hash)).all()
    names = Counter(message["message_id"] for message in messages if message["recipients"] == [email])
    return {
        "kept": len(requests),
        "proofs": len(proofs),
        "waiting": sum(request.answered_at is None for request in requests),
        "mails": [str(mail.state) for mail in mails],
        "copies": sum(names.values()),
        "names": len(names),
        "confirmed": any(mail.state is State.SENT for mail in mails) and let_in(whose, requests[0]),
    }


def let_in(whose: Subscriber, asked: SignupRequest) -> bool:
    """Type the code that was mailed."""
    (link,) = db.session.scalars(select(MailedLink).where(MailedLink.subscriber_id == whose.id)).all()
    handle, code = handle_of(asked.id, asked.seed), code_of(link)
    with write():
        return confirm_by_code(handle, code, at=now()) is Finding.CONFIRMED


def main(folder: str, log: str, port: str, *steps: str) -> None:
    """Die at each step, one after the other."""
    app = ready(Path(folder), int(port))
    with app.app_context():
        for number, step in enumerate(steps):
            print(json.dumps(asdict(kill_at(app, Path(log), number, step))), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
