"""An older database that comes back forgets nobody who left meanwhile; no kill loses a leaving."""

import os
import shutil
import signal
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.addresses import address_from
from blog.lib.db import db, fold_log, write
from blog.lib.following import after_commit, before_commit
from blog.lib.locking import writers_lock
from blog.lib.refusing import Refused
from blog.newsletter.erasing import erase
from blog.newsletter.leaving import come_back, leave
from blog.newsletter.models import Consent, Deed, MailedLink, Method, Purpose, Subscriber
from blog.newsletter.moving import move
from blog.newsletter.queries import reachable
from blog.newsletter.wiping import wipe
from blog.outbox.standing import hash_of, new_seed
from blog.outbox.suppressing import is_suppressed
from blog.site.cli import set_up
from tests.conftest import Start, environment_in
from tests.lib.writers import opened
from tests.newsletter.test_erasing import places_of
from tests.subscribers import confirmed

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
NAMES = ("ann", "ben", "cy", "dee", "eve")


def people() -> dict[str, Subscriber]:
    db.session.rollback()
    rows = db.session.scalars(select(Subscriber).order_by(Subscriber.id))
    return dict(zip(NAMES, rows, strict=True))


def reached() -> list[str]:
    return sorted((one.address or "").partition("-")[0] for one in db.session.scalars(reachable(LATER)))


def backup(app: Flask) -> Path:
    """Copy the database as a backup does."""
    db.session.rollback()
    with writers_lock():
        assert fold_log() is True
        copy = Path(app.config["INSTANCE"]).parent / "backup.sqlite3"
        shutil.copy(app.config["BROADSHEET_DATABASE"], copy)
    return copy


def restore(app: Flask, copy: Path, start: Start) -> Flask:
    """Put the copy in the place of the database and start anew."""
    db.session.remove()
    db.engine.dispose()
    path = Path(app.config["BROADSHEET_DATABASE"])
    for part in ("", "-wal", "-shm"):
        Path(f"{path}{part}").unlink(missing_ok=True)
    shutil.copy(copy, path)
    return start(environment_in(Path(app.config["INSTANCE"])))


def test_restoring_an_older_database_forgets_nobody(app: Flask, start: Start) -> None:
    with write() as session:
        session.add_all([confirmed(f"{name}-of-the-cast@{name}-house.example.com") for name in NAMES])
    copy = backup(app)
    addresses = set()
    with write():
        known = people_inside()
        leave(known["ann"], Method.PAGE, at=AT)
        leave(known["ben"], Method.BOUNCE, at=AT, reason="bounced")
        leave(known["cy"], Method.PAGE, at=AT)
        addresses = erase(known["dee"], Method.PAGE, at=AT)
    wipe(addresses)
    with write():
        assert come_back(people_inside()["cy"], at=LATER) is True
    before = {name: (one.left_at, one.erased_at) for name, one in people().items()}
    restored = restore(app, copy, start)
    with restored.app_context():
        assert reached() == ["ann", "ben", "cy", "dee", "eve"]
        set_up()
        assert reached() == ["cy", "eve"]
        assert {name: (one.left_at, one.erased_at) for name, one in people().items()} == before
        assert [is_suppressed(one.hash) for one in people().values()] == [True, True, False, True, False]
        deeds = {one.subscriber_id: (one.deed, one.method) for one in db.session.scalars(select(Consent))}
        assert deeds == {1: (Deed.LEFT, None), 2: (Deed.LEFT, Method.BOUNCE), 4: (Deed.ERASED, None)}
        assert places_of(Path(app.config["INSTANCE"]), "dee-of-the-cast@dee-house.example.com") == []
        set_up()
        assert db.session.query(Consent).count() == 3
        db.session.remove()


def test_who_moved_and_left_is_out_at_the_address_that_an_older_database_holds(
    app: Flask, start: Start
) -> None:
    with write() as session:
        session.add_all([confirmed(f"{name}-of-the-cast@{name}-house.example.com") for name in NAMES])
    copy = backup(app)
    with write():
        move_to(people_inside()["ann"], "ann-elsewhere@example.com")
        move_to(people_inside()["ben"], "ben-elsewhere@example.com")
    with write():
        leave(people_inside()["ann"], Method.PAGE, at=AT)
        leave(people_inside()["ben"], Method.PAGE, at=AT)
    with write():
        assert come_back(people_inside()["ben"], at=LATER) is True
    restored = restore(app, copy, start)
    with restored.app_context():
        set_up()
        assert reached() == ["ben", "cy", "dee", "eve"]
        db.session.remove()


def move_to(subscriber: Subscriber, typed: str) -> None:
    """Let a subscription move to another address, which confirmed it."""
    new = address_from(typed)
    assert new is not None
    said: dict[str, Any] = {"subscriber_id": subscriber.id, "deed": Deed.ASKED, "at": AT}
    link = MailedLink(
        subscriber_id=subscriber.id, purpose=Purpose.MOVE, made_at=AT, seed=new_seed(),
        data={"address": new.typed, "key": new.key, "hash": hash_of(new.key)},
    )  # fmt: skip
    db.session.add_all([Consent(**said, address=subscriber.address, hash=subscriber.hash), link])
    db.session.flush()
    assert move(subscriber, link, at=AT) is True


def people_inside() -> dict[str, Subscriber]:
    """Return everybody, inside a transaction that is open."""
    rows = db.session.scalars(select(Subscriber).order_by(Subscriber.id))
    return dict(zip(NAMES, rows, strict=True))


def test_a_database_of_another_data_folder_is_refused_while_the_file_is_there(
    app: Flask, start: Start
) -> None:
    with write() as session:
        session.add(confirmed())
    with write():
        leave(db.session.scalars(select(Subscriber)).one(), Method.PAGE, at=AT)
    folder = Path(app.config["INSTANCE"])
    (folder.parent / "other").mkdir()
    other = start(environment_in(folder.parent / "other"))
    with other.app_context():
        set_up()
        copy = backup(other)
        db.session.remove()
    restored = restore(app, copy, start)
    with restored.app_context(), pytest.raises(Refused, match="was made with another key than the database"):
        set_up()
    with restored.app_context():
        db.session.remove()


def leave_and_die(folder: Path, moment: str) -> None:
    """Leave, and be killed before or after the commit."""
    with opened(folder):
        kill = lambda *_: os.kill(os.getpid(), signal.SIGKILL)  # noqa: E731 (both places want a callable)
        with write():
            leave(db.session.scalars(select(Subscriber)).one(), Method.PAGE, at=AT)
            (before_commit if moment == "before" else after_commit)(kill, None)


def come_back_and_die(folder: Path) -> None:
    """Take the leaving back, and be killed after the commit, before the file knows of it."""
    with opened(folder), write():
        after_commit(lambda _: os.kill(os.getpid(), signal.SIGKILL), None)
        come_back(db.session.scalars(select(Subscriber)).one(), at=LATER)


def killed(target: object, *args: object) -> int | None:
    process = get_context("spawn").Process(target=target, args=args)  # type: ignore[arg-type]  # a function
    process.start()
    process.join(60)
    return process.exitcode


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kill_around_the_commit_loses_no_leaving(app: Flask, moment: str) -> None:
    with write() as session:
        session.add(confirmed())
    assert killed(leave_and_die, Path(app.config["INSTANCE"]), moment) == -signal.SIGKILL
    set_up()
    dee = db.session.scalars(select(Subscriber)).one()
    assert (dee.left_at, is_suppressed(dee.hash), reached()) == (AT, True, [])


def test_a_kill_after_an_undo_loses_no_undo(app: Flask) -> None:
    with write() as session:
        session.add(confirmed())
    with write():
        leave(db.session.scalars(select(Subscriber)).one(), Method.PAGE, at=AT)
    assert killed(come_back_and_die, Path(app.config["INSTANCE"])) == -signal.SIGKILL
    for _ in range(2):
        set_up()
        assert reached() == ["dee@example.org"]
