"""The sample journal has an issue in its archive that went to nobody."""

from pathlib import Path

from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.issues.archive import archive
from blog.newsletter.issues.sending import advance_issues
from blog.newsletter.models import Issue, Stage
from blog.outbox.models import Delivery
from blog.site.sample import send_samples
from tests.subscribers import confirmed


def a_folder(path: Path) -> Path:
    (path / "autumn.md").write_text("---\nsubject: Autumn\n---\nIt is autumn.\n", "utf-8")
    return path


def test_it_stands_in_the_archive_and_is_done_and_whoever_comes_later_gets_none_of_it(
    app: Flask, tmp_path: Path
) -> None:
    send_samples(a_folder(tmp_path))
    with write() as session:
        session.add(confirmed("dee@example.org"))
    advance_issues()
    send_samples(tmp_path)
    assert [issue.title for issue in archive.part(10)] == ["Autumn"]
    assert db.session.query(Issue).one().stage is Stage.DONE
    assert db.session.query(Delivery).count() == 0


def test_where_somebody_is_subscribed_nothing_is_sent(app: Flask, tmp_path: Path) -> None:
    with write() as session:
        session.add(confirmed("dee@example.org"))
    send_samples(a_folder(tmp_path))
    assert db.session.query(Issue).count() == 0
