"""An import that is tried, repeated or broken off comes to the same."""

from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.newsletter.lists.importing import Options, import_list
from blog.newsletter.lists.rows import Standing
from blog.newsletter.models import Subscriber, SubscriberImport
from tests.newsletter.lists.files import BASIS, bring, quiet, unchanged
from tests.subscribers import confirmed, pending

LIST = "email,state,created_at,confirmed_at\n"


def test_a_dry_run_says_what_would_happen_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    with write():
        db.session.add_all([confirmed(), pending()])
    text = f"{LIST}dee@example.org,left,,\ncy@example.org,active,,\nann@example.org,active,,\nx,,,\n"
    with unchanged():
        dry = bring(tmp_path, text, dry_run=True)
    assert dry == {"added": 1, "updated": 1, "taken out": 1, "invalid": 1}
    assert bring(tmp_path, text, skip_bad=True) == dry


def test_importing_twice_changes_nothing(app: Flask, tmp_path: Path) -> None:
    text = f"{LIST}dee@example.org,active,,\ncy@example.org,left,,\nann@example.org,pending,,\n"
    assert bring(tmp_path, text) == {"added": 1, "taken out": 1, "unconfirmed": 1}
    with unchanged():
        assert bring(tmp_path, text) == {"unchanged": 2, "unconfirmed": 1}


def test_an_import_that_was_broken_off_goes_on_as_the_same_import(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "email\n" + "".join(f"n{number}@example.org\n" for number in range(1_200))
    calls = []

    def dying(*given: object) -> None:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt

    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(KeyboardInterrupt):
        import_list(tmp_path / "list.csv", Options(BASIS), note=quiet, progress=dying)
    assert db.session.query(Subscriber).count() == 1_000
    assert bring(tmp_path, text) == {"added": 200, "unchanged": 1_000}
    (brought,) = db.session.query(SubscriberImport)
    assert brought.finished_at is not None
    assert {row.import_id for row in db.session.query(Subscriber)} == {brought.id}


def test_every_row_is_told_once_with_its_bucket_and_a_reason(app: Flask, tmp_path: Path) -> None:
    told: list[tuple[int, str, str]] = []
    (tmp_path / "l.csv").write_text(
        f"{LIST}dee@example.org,active,,\nx,,,\ncy@example.org,left,,\ncy@example.org,,,\n"
    )
    options = Options(BASIS, state=Standing.CONFIRMED, skip_bad=True)
    import_list(tmp_path / "l.csv", options, note=lambda *row: told.append(row), progress=quiet)
    assert sorted(told) == [
        (2, "added", "new here"),
        (3, "invalid", "Its address is none that mail can be sent to."),
        (4, "taken out", "left"),
        (5, "duplicate", "line 4 is about the same address"),
    ]
