"""The worker's step: what is due starts once, what is held or late waits for a person, what is finished is done."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.clock import held_at, now
from blog.lib.db import db, write
from blog.lib.environment import ROOT
from blog.newsletter.issues.sending import LOOK_AGAIN, advance_issues, begin
from blog.newsletter.models import Issue, Stage
from blog.outbox.models import Batch, Delivery, Mailroom, Notice
from blog.settings.declaring import choose

from .issuing import MINUTE, NOON, chosen, drafted, issue, may_send, sent

DUE = NOON + 10 * MINUTE
HANGING = 60
"""Seconds after which a test gives up on a process."""


@pytest.fixture
def ready(app: Flask) -> None:
    """Let an issue be on its way to three readers."""
    may_send()
    drafted()
    with held_at(NOON):
        sent()


def batches() -> int:
    return db.session.query(Batch).count()


def notices() -> dict[str, bool]:
    """Return what the team was told, and whether it is over."""
    db.session.rollback()
    return {row.sentence: row.over_at is not None for row in db.session.query(Notice).all()}


def test_nothing_to_do_is_nothing(app: Flask) -> None:
    drafted()
    assert advance_issues() is None


@pytest.mark.usefixtures("ready")
def test_before_the_hold_ends_nothing_starts_and_the_step_says_when_to_come_back() -> None:
    with held_at(DUE - timedelta(microseconds=1)):
        assert advance_issues() == DUE
        assert (batches(), issue().stage) == (0, Stage.HOLDING)


@pytest.mark.usefixtures("ready")
def test_what_is_due_starts_with_everyone() -> None:
    with held_at(DUE):
        assert advance_issues() is None
        assert (batches(), chosen(), issue().stage, issue().started_at) == (1, 3, Stage.SENDING, DUE)


@pytest.mark.usefixtures("ready")
def test_looking_again_starts_nothing_again() -> None:
    with held_at(DUE):
        advance_issues()
        advance_issues()
        assert begin(issue().id) is False
    assert (batches(), chosen()) == (1, 3)


@pytest.mark.usefixtures("ready")
def test_an_issue_is_done_when_its_batch_is() -> None:
    with held_at(DUE):
        advance_issues()
    with write() as session:
        session.query(Batch).one().done_at = DUE + MINUTE
    assert advance_issues() is None
    assert (issue().stage, issue().done_at) == (Stage.DONE, DUE + MINUTE)


@pytest.mark.usefixtures("ready")
def test_what_was_taken_back_at_the_last_moment_does_not_start() -> None:
    number = issue().id
    with write():
        db.session.execute(db.text("UPDATE issue SET send_at = NULL"))
    with held_at(DUE):
        assert begin(number) is False
    assert begin(number + 1) is False
    assert batches() == 0


@pytest.mark.usefixtures("ready")
def test_behind_a_fence_nothing_starts_and_the_team_is_told_once() -> None:
    with write() as session:
        session.get_one(Mailroom, 1).fenced_at = NOON
    with held_at(DUE):
        assert advance_issues() == DUE + LOOK_AGAIN
        assert advance_issues() == DUE + LOOK_AGAIN
        told = notices()
    assert list(told.values()) == [False]
    assert next(iter(told)).startswith(
        "An issue is due and cannot go out. These data may be a copy of others"
    )
    assert batches() == 0
    with write() as session:
        session.get_one(Mailroom, 1).fenced_at = None
    with held_at(DUE + MINUTE):
        assert advance_issues() is None
    assert (batches(), list(notices().values())) == (1, [True])


@pytest.mark.usefixtures("ready")
def test_without_a_postal_address_nothing_starts_and_the_team_gets_a_mail() -> None:
    with write():
        choose("site.postal_address", "")
        choose("mail.team", "team@example.org")
    with held_at(DUE):
        advance_issues()
        advance_issues()
    assert [(row.kind, row.address) for row in db.session.query(Delivery)] == [("notice", "team@example.org")]
    said = "Every letter must show the team's postal address; set site.postal_address first."
    assert notices() == {f"An issue is due and cannot go out. {said}": False}


@pytest.mark.usefixtures("ready")
def test_more_than_three_hours_late_it_waits_for_a_person_and_the_team_is_told_once() -> None:
    late = DUE + timedelta(hours=3, seconds=1)
    with held_at(late):
        assert advance_issues() is None
        assert advance_issues() is None
        assert (batches(), issue().stage) == (0, Stage.LATE)
        said = (
            "The issue “spring” was to go out at 2026-03-02 12:10 UTC, while nothing was at work. It waits until "
            "somebody says `newsletter send spring` again, or takes it back."
        )
        assert notices() == {said: False}
        sent(at=late)
        assert notices() == {said: True}
    with held_at(late + 10 * MINUTE):
        advance_issues()
    assert chosen() == 3


@pytest.mark.usefixtures("ready")
def test_at_three_hours_to_the_second_it_still_goes() -> None:
    with held_at(DUE + timedelta(hours=3)):
        advance_issues()
    assert chosen() == 3


@pytest.mark.usefixtures("ready")
def test_the_next_moment_is_that_of_the_next_issue() -> None:
    drafted("Summer")
    with held_at(NOON + MINUTE):
        sent("summer", at=NOON + MINUTE)
    with held_at(DUE):
        assert advance_issues() == DUE + MINUTE


@pytest.mark.usefixtures("ready")
def test_what_goes_out_is_what_was_frozen() -> None:
    with held_at(DUE):
        advance_issues()
    before = issue().frozen
    with write():
        db.session.execute(db.text("UPDATE issue SET body = 'Other.'"))
    advance_issues()
    assert issue().frozen == before


WORKER = """
import sys
from app import create_app
from blog.newsletter.issues.sending import advance_issues
app = create_app()
with app.app_context():
    print("ready", flush=True)
    sys.stdin.readline()
    advance_issues()
"""


def test_four_workers_at_once_start_one_batch_of_each_issue(application: Flask) -> None:
    with application.app_context():
        may_send(500)
        for number in range(8):
            drafted(f"Number {number}")
        with write() as session:
            session.query(Issue).update({"send_at": now(), "held": True, "counted": 500})
        advance_at_once(application)
        assert batches() == 8
        assert [chosen(f"number-{number}") for number in range(8)] == [500] * 8


def advance_at_once(application: Flask) -> None:
    """Let four workers look at the same moment."""
    folder = Path(application.config["INSTANCE"])
    environment = {**os.environ, "BLOG_INSTANCE": str(folder), "BLOG_SITE_URL": "https://journal.example.org"}
    db.session.remove()
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.communicate("go\n", timeout=HANGING)
    assert [worker.returncode for worker in workers] == [0, 0, 0, 0]


def test_two_people_who_say_send_at_once_start_one_issue(application: Flask) -> None:
    with application.app_context():
        may_send()
        drafted()
        db.session.remove()
    folder = Path(application.config["INSTANCE"])
    environment = {**os.environ, "BLOG_INSTANCE": str(folder), "BLOG_SITE_URL": "https://journal.example.org"}
    command = [sys.executable, str(ROOT / "app.py"), "newsletter", "send", "spring", "--count", "3"]
    people = [
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = sorted(person.communicate(timeout=HANGING)[1] for person in people)
    assert sorted(person.returncode for person in people) == [0, 1]
    assert said == ["", "“spring” is on its way already, until somebody takes it back.\n"]


def test_an_issue_that_makes_no_message_is_a_draft_again_and_the_others_go(app: Flask) -> None:
    may_send()
    drafted("Far too long", body="Words. " * 20_000)
    drafted()
    with held_at(NOON):
        sent("far-too-long")
        sent()
    with held_at(DUE):
        assert advance_issues() is None
        assert (issue("far-too-long").stage, issue().stage) == (Stage.DRAFT, Stage.SENDING)
    (said,) = notices()
    assert said.startswith("The issue “far-too-long” could not go out and is a draft again: ")
