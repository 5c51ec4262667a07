"""Workers that are killed in the middle of sending, at a chosen step, again and again on the same data.

    python -m tests.outbox.dying FOLDER LOG PORT MOMENT:NUMBER...

FOLDER holds a database that was set up; a mail server listens on PORT and appends what it takes to LOG. For each
step it says in one line of JSON what became of the letters and notes that were due.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event, select

from app import create_app
from blog.lib.clock import held_at, now
from blog.lib.db import db
from blog.lib.environment import ROOT
from blog.lib.mail_settings import MailServer, MailSettings, Security
from blog.outbox import delivering
from blog.outbox.models import Batch, Delivery, State
from blog.outbox.smtp.wire import Wire
from tests.conftest import environment_in

from .sending import batch_to, kinds, note_to, send_all

LETTERS, NOTES = 6, 2
AFTER_THE_LEASE = timedelta(minutes=6)
MOMENTS = ("commit", "committed", "marking", "say", "said")
"""Before and after a commit, between it and the mark in the file, before and after words to the server."""


@dataclass
class Found:
    """What became of one batch of letters, and of the notes that were due with it."""

    moment: str
    number: int
    killed: bool
    """False where the worker came to its end before it came to the step."""
    states: dict[str, int]
    done: bool
    letters_twice: int
    letters_lost: int
    """Neither taken by the server nor in doubt."""
    notes_lost: int
    names: int
    """How many Message-IDs the server saw of how many messages: more would be a second name of one."""


class Death:
    """Comes at the n-th time of a moment; with SIGSTOP it is only a sleep."""

    def __init__(self, moment: str, number: int, by: signal.Signals = signal.SIGKILL) -> None:
        self._moment, self._left, self._by = moment, number, by

    def may_come(self, moment: str) -> None:
        if moment == self._moment:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._by)

    def around(self, before: str, function: Callable[..., Any], after: str = "") -> Callable[..., Any]:
        """Return the function with a moment before it and one after it."""

        def living(*args: Any) -> Any:
            self.may_come(before)
            result = function(*args)
            self.may_come(after)
            return result

        return living

    def lurk(self) -> None:
        """Let every moment of this process be one at which it may come."""
        event.listen(db.engine, "commit", lambda _: self.may_come("commit"))
        event.listen(db.session(), "after_commit", lambda _: self.may_come("committed"))
        delivering.note_mark = self.around("marking", delivering.note_mark)  # type: ignore[attr-defined]  # this process is about to die
        Wire.send = self.around("say", Wire.send, "said")  # type: ignore[method-assign]  # so does this


def in_a_child(app: Flask, life: Callable[[], object]) -> bool:
    """Do something in a process of its own; tell whether it was killed."""
    process = os.fork()
    if not process:
        status = 1
        try:
            with app.app_context(), kinds():
                life()
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def kill_at(app: Flask, log: Path, moment: str, number: int) -> Found:
    """Queue letters and notes, kill the worker that sends them, and let another finish."""
    heard = len(taken(log))

    def queue() -> None:
        batch_to(*range(LETTERS))
        note_to(*(f"note-{one}@example.org" for one in range(NOTES)))

    def send_and_die() -> None:
        Death(moment, number).lurk()
        send_all()

    def finish() -> None:
        with held_at(now() + AFTER_THE_LEASE):
            send_all()

    assert not in_a_child(app, queue)
    killed = in_a_child(app, send_and_die)
    assert not in_a_child(app, finish)
    found = Found(moment, number, killed, **look(app, taken(log)[heard:]))
    db.session.remove()
    db.engine.dispose()  # the next child must not use a connection of this process
    return found


def look(app: Flask, messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Compare the ledger with what the server took."""
    batch = db.session.scalars(select(Batch).order_by(Batch.id.desc()).limit(1)).one()
    rows = db.session.scalars(select(Delivery).where(Delivery.id > _last_before(batch.id))).all()
    copies = Counter(message["message_id"] for message in messages)
    letters = [row for row in rows if row.batch_id == batch.id]
    notes = [row for row in rows if row.batch_id is None]
    return {
        "states": dict(Counter(str(row.state) for row in letters)),
        "done": batch.done_at is not None,
        "letters_twice": sum(copies[row.message_id] > 1 for row in letters),
        "letters_lost": sum(
            not copies[row.message_id] and row.state is not State.IN_DOUBT for row in letters
        ),
        "notes_lost": sum(not copies[row.message_id] or row.state is not State.SENT for row in notes),
        "names": len(copies),
    }


def _last_before(batch: int) -> int:
    first = select(Delivery.id).where(Delivery.batch_id == batch).order_by(Delivery.id).limit(1)
    return db.session.scalars(first).one() - 1


def taken(log: Path) -> list[dict[str, Any]]:
    """Return what the server took."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def ready(folder: Path, port: int) -> Flask:
    """Return an application on the data in the folder, without an open connection."""
    app = create_app(environment_in(folder))
    sender = Address("Journal", "letters", "journal.example.org")
    app.config["MAIL"] = MailSettings(MailServer("127.0.0.1", port, Security.NONE), sender=sender)
    with app.app_context():
        db.engine.dispose()
    return app


def main(folder: str, log: str, port: str, *steps: str) -> None:
    """Die at each step, one after the other."""
    app = ready(Path(folder), int(port))
    with app.app_context():
        for step in steps:
            moment, _, number = step.partition(":")
            print(json.dumps(asdict(kill_at(app, Path(log), moment, int(number)))), flush=True)


def told_of(module: str, folder: Path, log: Path, port: str, steps: Sequence[str]) -> list[dict[str, Any]]:
    """Let a module like this one die at each step, in a process of its own; return what it found, a step a time."""
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder), str(log), port, *steps],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


if __name__ == "__main__":
    main(*sys.argv[1:])
