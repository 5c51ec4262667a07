"""Issues by command: write, look at, test, send, take back, hold, throw away."""

from pathlib import Path

import pytest
from flask import Flask

from blog.lib.clock import held_at
from blog.lib.db import db, write
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Subscriber
from blog.outbox.models import Batch, Delivery, State
from blog.settings.declaring import choose
from tests.building import article, category, save
from tests.newsletter.issues.issuing import MINUTE, NOON, may_send, sent

from .commanding import Commander


@pytest.fixture
def file(application: Flask, tmp_path: Path) -> Path:
    """Return the file of a draft about one article, for readers of one category."""
    with application.app_context():
        may_send()
        save(article(category=category("Sleep")))
    path = tmp_path / "spring.md"
    path.write_text(
        "---\nsubject: Spring\npreview: A look\narticles: [sleep-and-memory]\ntopics: [sleep]\n---\nText.\n",
        "utf-8",
    )
    return path


def test_a_file_makes_a_draft_and_the_same_file_again_changes_it(run: Commander, file: Path) -> None:
    assert run.says("draft", str(file)) == ["spring: created"]
    assert run.says("draft", str(file)) == ["spring: unchanged"]
    file.write_text("---\nsubject: Spring\n---\nMore text.\n", "utf-8")
    assert run.says("draft", str(file)) == ["spring: updated"]
    assert run.says("issues") == ["spring: draft"]


def test_a_bad_file_is_refused_with_its_line_and_leaves_nothing(run: Commander, file: Path) -> None:
    file.write_text("---\nsubject: Spring\narticles: [gone]\n---\n", "utf-8")
    assert run.refuses("draft", str(file)) == f"{file}:3: There is no article “gone”."
    assert run.says("issues") == ["There is no issue yet; `newsletter draft FILE.md` makes one."]


def test_a_draft_is_shown(run: Commander, file: Path) -> None:
    run.says("draft", str(file))
    assert run.says("show", "spring") == [
        "spring: draft",
        "    subject: Spring",
        "    preview: A look",
        "    articles: sleep-and-memory",
        "    for: readers of sleep",
    ]
    assert (
        run.refuses("show", "gone") == "There is no issue “gone”; `newsletter issues` lists those there are."
    )


def test_send_asks_for_the_count_and_can_be_taken_back(run: Commander, file: Path) -> None:
    run.says("draft", str(file))
    said = run.refuses("send", "spring")
    assert said == "“Spring” goes to 3 people: readers of sleep. Say so with --count 3."
    assert run.refuses("send", "spring", "--count", "2") == "It goes to 3 people, not to 2; nothing was sent."
    with held_at(NOON):
        assert run.says("send", "spring", "--count", "3") == [
            "spring: goes out at 2026-03-02 12:10 (UTC, +00:00). Until then `newsletter undo spring` takes it back."
        ]
        assert run.says("issues") == [
            "spring: holding: goes out at 2026-03-02 12:10 (UTC, +00:00), counted 3"
        ]
        assert run.says("undo", "spring") == ["spring: taken back; it is a draft again."]
        assert run.says("issues") == ["spring: draft"]


def test_what_is_in_the_way_is_said_before_the_number_is_asked_for(run: Commander, file: Path) -> None:
    run.says("draft", str(file))
    with run.application.app_context(), write():
        choose("site.postal_address", "")
    said = "Every letter must show the team's postal address; set site.postal_address first."
    assert run.refuses("send", "spring") == said


def test_one_reader_is_one_person(run: Commander, file: Path) -> None:
    run.says("draft", str(file))
    with run.application.app_context(), write():
        for subscriber in db.session.query(Subscriber).all()[1:]:
            subscriber.left_at = NOON
    assert run.refuses("send", "spring").startswith("“Spring” goes to 1 person: ")
    assert run.refuses("send", "spring", "--count", "2") == "It goes to 1 person, not to 2; nothing was sent."


def test_a_schedule_is_in_the_sites_zone(run: Commander, file: Path, application: Flask) -> None:
    with application.app_context(), write():
        choose("site.time_zone", "Europe/Berlin")
    run.says("draft", str(file))
    with held_at(NOON):
        assert run.refuses("schedule", "spring", "2026-03-29 02:30", "--count", "3").startswith(
            "There is no 02:30 on 2026-03-29"
        )
        assert run.says("schedule", "spring", "2026-03-03 09:00", "--count", "3") == [
            "spring: goes out at 2026-03-03 09:00 (Europe/Berlin, +01:00). "
            "Until then `newsletter undo spring` takes it back."
        ]
    assert run.says("issues") == [
        "spring: late: was to go out at 2026-03-03 09:00 (Europe/Berlin, +01:00); send it again, or take it back"
    ]


def test_what_became_of_an_issue_is_shown_with_reasons(
    run: Commander, file: Path, application: Flask
) -> None:
    run.says("draft", str(file))
    with application.app_context():
        with held_at(NOON):
            sent()
        with held_at(NOON + 10 * MINUTE):
            advance_issues()
        with write() as session:
            rows = session.query(Delivery).order_by(Delivery.id).all()
            rows[0].state, rows[1].state, rows[1].answer = State.SENT, State.IN_DOUBT, "connection lost"
    account = "3 chosen = 1 sent + 0 failed + 0 suppressed + 1 in doubt + 1 waiting"
    assert run.says("pause", "spring") == ["spring: paused; `newsletter resume spring` goes on with it."]
    assert run.says("show", "spring") == [
        f"spring: sending (paused: the team): {account}",
        "    subject: Spring",
        "    preview: A look",
        "    articles: sleep-and-memory",
        "    for: readers of sleep",
        "    counted when Send was said: 3; chosen: 3",
        "    in doubt: 1 × connection lost",
    ]
    assert run.says("resume", "spring") == ["spring: goes on."]
    with application.app_context():
        assert db.session.query(Batch).one().paused_at is None


def test_a_test_goes_to_one_address(run: Commander, file: Path, application: Flask) -> None:
    run.says("draft", str(file))
    assert run.says("test", "spring", "ann@example.org") == [
        "spring: a test is on its way to ann@example.org."
    ]
    assert run.refuses("test", "spring", "nobody") == "“nobody” is not an e-mail address."
    with application.app_context():
        assert db.session.query(Delivery).one().kind == "test"


def test_a_preview_is_text_or_a_file_of_html(run: Commander, file: Path, tmp_path: Path) -> None:
    run.says("draft", str(file))
    assert "Text." in "\n".join(run.says("preview", "spring"))
    html = tmp_path / "spring.html"
    assert run.says("preview", "spring", "--html", str(html)) == [f"spring: written to {html}"]
    assert "Text." in html.read_text("utf-8")


def test_only_a_draft_is_removed(run: Commander, file: Path) -> None:
    run.says("draft", str(file))
    with held_at(NOON):
        run.says("send", "spring", "--count", "3")
        assert run.refuses("remove", "spring").startswith("“spring” waits to be sent;")
        run.says("undo", "spring")
    assert run.says("remove", "spring") == ["spring: removed."]
    assert run.says("issues") == ["There is no issue yet; `newsletter draft FILE.md` makes one."]
