"""An import that is killed again and again comes to the same as one that ran through."""

import os
import subprocess
import sys
import time
from pathlib import Path

from flask import Flask

from blog.lib.db import db
from blog.lib.environment import ROOT
from blog.newsletter.models import Consent, Subscriber, SubscriberImport
from blog.outbox.models import Suppression
from tests.lib.processes import HANGING

ROWS = 6_000
KILLS = 4


def start(app: Flask, path: Path) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
    return subprocess.Popen(
        [sys.executable, ROOT / "app.py", "subscribers", "import", str(path), "--basis", "the fair"],
        env=kept | {"BLOG_INSTANCE": str(app.config["INSTANCE"]), "BLOG_SITE_URL": app.config["SITE_URL"]},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def written() -> int:
    count = db.session.query(Subscriber).count() + db.session.query(Suppression).count()
    db.session.rollback()
    return count


def test_an_import_that_is_killed_goes_on_where_it_was(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    lines = [f"n{number}@example.org,{'left' if number % 10 == 0 else 'active'}" for number in range(ROWS)]
    path.write_text("\n".join(["email,state", *lines]))
    for kill in range(KILLS):
        enough = min(ROWS, written() + 700 * (kill + 1))
        running = start(app, path)
        deadline = time.monotonic() + HANGING
        while written() < enough and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.005)
        running.kill()
        running.communicate()
    last = start(app, path)
    said, _ = last.communicate(timeout=HANGING)
    assert (last.returncode, b"invalid 0" in said) == (0, True)
    assert (db.session.query(Subscriber).count(), db.session.query(Consent).count()) == (ROWS * 9 // 10,) * 2
    assert db.session.query(Suppression).count() == ROWS // 10
    (brought,) = db.session.query(SubscriberImport)
    assert brought.finished_at is not None
    assert {number for (number,) in db.session.query(Subscriber.import_id).distinct()} == {brought.id}
