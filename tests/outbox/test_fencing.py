"""A database that woke up from a copy sends nothing of what it had planned, until somebody says so."""

import shutil
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.newsletter.cli.mail import unfence
from blog.outbox import running
from blog.outbox.fencing import check_fence, is_fenced, keep_witness, reason_to_fence
from blog.outbox.models import Mailroom, State
from blog.outbox.overview import standing_of_mail
from blog.outbox.settling import counts
from blog.outbox.telling import tell_team
from blog.settings.declaring import choose
from blog.site.cli import set_up
from tests.conftest import Start, environment_in

from .mailtalk import Server
from .sending import batch_to, note_to, row, send_all, send_through, states


def witness(app: Flask) -> Path:
    database: Path = app.config["BROADSHEET_DATABASE"]
    return database.with_name(f"{database.name}-instance")


def settle_down(app: Flask) -> None:
    """Fold the log, so that the database is one file."""
    running.hang_up()
    app.extensions.pop("outbox.sending", None)
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    db.session.remove()
    db.engine.dispose()


def reason() -> str:
    db.session.rollback()
    return reason_to_fence()


def test_the_file_is_small_always_as_long_and_for_nobody_else_to_read(app: Flask, server: Server) -> None:
    note_to("ann@example.org")
    send_all()
    file = witness(app)
    held = file.read_text("ascii").split()
    room = db.session.scalars(select(Mailroom)).one()
    assert (held[:2], room.mark) == ([room.instance, f"{1:020}"], 1)
    assert (file.stat().st_size, stat.S_IMODE(file.stat().st_mode)) == (96, 0o600)
    assert int(held[2]) == file.stat().st_ino


def test_the_mark_rises_with_every_message(app: Flask, server: Server) -> None:
    batch_to(1, 2, 3)
    send_all()
    assert witness(app).read_text("ascii").split()[1] == f"{3:020}"
    assert reason() == ""


def test_an_older_database_under_its_own_file_holds_what_it_had_planned(app: Flask, server: Server) -> None:
    batch = batch_to(1, 2, 3)
    at = app.config["BROADSHEET_DATABASE"]
    settle_down(app)
    shutil.copy(at, f"{at}.old")
    send_all()
    settle_down(app)
    shutil.copy(f"{at}.old", at)
    witnessed = witness(app).read_bytes()
    assert running.deliver_due() is None
    assert (is_fenced(), counts(batch), server.connections) == (True, {State.QUEUED: 3}, 1)
    [note] = note_to("ann@example.org")
    send_all()
    assert (row(note).state, witness(app).read_bytes()) == (State.SENT, witnessed)


def brought_back(copy: Path, folder: Path, way: str) -> Path:
    """Bring an old copy of the data folder back in one of three ways; return the folder that is used then."""
    if way == "beside":
        return copy
    if way == "in its place":
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)
        return folder
    for file in copy.iterdir():
        if file.is_file():
            shutil.copy2(file, folder)
    return folder


@pytest.mark.parametrize("way", ["beside", "in its place", "over it, file by file"])
def test_an_old_data_folder_that_was_copied_back_opens_no_connection(
    app: Flask, server: Server, start: Start, tmp_path: Path, way: str
) -> None:
    folder, copy = Path(app.config["INSTANCE"]), tmp_path / "copy"
    note_to("ann@example.org")
    send_all()
    batch = batch_to(1, 2, 3, at=now() + timedelta(hours=1))
    settle_down(app)
    shutil.copytree(folder, copy)
    with held_at(now() + timedelta(hours=2)):
        send_all()
    settle_down(app)
    assert len(server.taken) == 4
    connections = server.connections
    woken = start(environment_in(brought_back(copy, folder, way)))
    send_through(woken, server)
    with woken.app_context(), held_at(now() + timedelta(hours=3)):
        send_all()
        assert (is_fenced(), counts(batch)) == (True, {State.QUEUED: 3})
        assert server.connections == connections
        [note] = note_to("ben@example.org")  # asked for since
        send_all()
        assert (row(note).state, counts(batch)) == (State.SENT, {State.QUEUED: 3})
        running.hang_up()


def test_a_folder_that_was_moved_is_the_same(
    app: Flask, server: Server, start: Start, tmp_path: Path
) -> None:
    note_to("ann@example.org")
    send_all()
    settle_down(app)
    Path(app.config["INSTANCE"]).rename(tmp_path / "elsewhere")
    moved = start(environment_in(tmp_path / "elsewhere"))
    with moved.app_context():
        assert reason_to_fence() == ""


def test_each_way_of_being_another_database_has_its_reason(app: Flask, server: Server) -> None:
    note_to("ann@example.org")
    send_all()
    file = witness(app)
    assert reason() == ""
    kept = file.read_bytes()
    for held, said in (
        (kept[:-2], "belongs to other data"),
        (b"", "belongs to other data"),
        (b"x" * 96, "belongs to other data"),
        (b"0" * 32 + kept[32:], "belongs to other data"),
        (kept[:52] + b"5" + kept[53:], "4 steps of the ledger are missing"),
        (kept[:56] + b"7" + kept[57:], "is a copy"),
        (kept, ""),
    ):
        file.write_bytes(held)
        assert said in reason()
        assert bool(said) == bool(reason())
    file.unlink()
    assert "is gone" in reason()


def test_a_new_database_gets_its_file_and_one_that_never_sent_may_lose_it(app: Flask) -> None:
    witness(app).unlink(missing_ok=True)
    with write():
        assert check_fence() is False
    assert reason() == ""
    witness(app).unlink()
    assert reason() == ""


def fence(app: Flask) -> None:
    """Let the database wake up as another one."""
    file = witness(app)
    file.write_bytes(b"0" * 32 + file.read_bytes()[32:])
    with write():
        assert check_fence()


def test_a_fence_stands_although_its_reason_is_gone_and_urgent_mail_from_before_waits(
    app: Flask, server: Server
) -> None:
    with write():
        check_fence()
    [before] = note_to("ann@example.org")
    fence(app)
    with write():
        keep_witness()
    assert (reason(), is_fenced()) == ("", True)
    send_all()
    assert (row(before).state, server.connections) == (State.QUEUED, 0)


def test_a_fenced_database_tells_the_team_nothing_by_mail(app: Flask, server: Server) -> None:
    with write():
        check_fence()
        choose("mail.team", "team@example.org")
    fence(app)
    with write():
        tell_team("anything", "Something needs a person.")
    send_all()
    assert (states(), server.connections) == ([("notice", "queued")], 0)


def test_it_is_said_at_the_start_and_lifted_by_whoever_means_it(
    app: Flask, server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    with write():
        check_fence()
    batch = batch_to(1)
    fence(app)
    set_up()
    sentence = capsys.readouterr().err.strip()
    assert standing_of_mail() == [sentence]
    assert "belongs to other data" in sentence
    name = db.session.scalars(select(Mailroom.instance)).one()
    runner = app.test_cli_runner()
    assert "everything stays" in str(runner.invoke(unfence, input="no\n").exception)
    assert is_fenced()
    assert runner.invoke(unfence, input=f"{name[:6]}\n").exit_code == 0
    db.session.rollback()
    assert (reason(), standing_of_mail()) == ("", [])
    assert db.session.scalars(select(Mailroom.instance)).one() != name
    send_all()
    assert counts(batch) == {State.SENT: 1}
    assert "not fenced" in str(runner.invoke(unfence, ["--yes"]).exception)
