"""The commands, as a person runs them: words, exit status, and what survives when they are killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from blog.content.models import Article
from blog.lib.db import db
from blog.lib.environment import ROOT
from blog.newsletter.models import Subscriber
from blog.transfer.fetching import fetch

from .folders import article, picture, put, take, whole

NOTHING = "created 0, updated 0, unchanged 0, left 0, refused 0"
HANGING = 60
"""Seconds after which a test gives up on a process."""


@pytest.fixture
def instance(tmp_path: Path, empty_database: Path) -> Path:
    """Return a data folder with an empty database."""
    folder = tmp_path / "instance"
    folder.mkdir(exist_ok=True)
    shutil.copy(empty_database, folder / "blog.sqlite3")
    return folder


def command(instance: Path, *words: str) -> list[str]:
    return [sys.executable, str(ROOT / "app.py"), *words]


def run(instance: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "BLOG_INSTANCE": str(instance)}
    return subprocess.run(
        command(instance, *words),
        env=environment,
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
    )


def many(folder: Path, number: int = 300) -> Path:
    files = {
        f"articles/{n}.md": article(
            f"Number {n}", "Some *text* here.\n\n" * 20, slug=f"number-{n}", authors="[Ann]"
        )
        for n in range(number)
    }
    return put(folder, files)


def test_an_import_tells_what_became_of_every_file(instance: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", whole() | {"README.md": "x"})
    done = run(instance, "import", "markdown", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-8:] == [
        "writing: 1 of 1",
        "ignored: README.md",
        "people who have no file: Ben Writer, Cy Reviewer",
        "articles: created 2, updated 0, unchanged 0, left 0, refused 0",
        "pages: created 1, updated 0, unchanged 0, left 0, refused 0",
        "people: created 1, updated 0, unchanged 0, left 0, refused 0",
        "questions: created 1, updated 0, unchanged 0, left 0, refused 0",
        "pictures: stored 3",
    ]
    again = run(instance, "import", "markdown", str(folder))
    assert again.stdout.splitlines()[-4:] == [
        "articles: created 0, updated 0, unchanged 2, left 0, refused 0",
        "pages: created 0, updated 0, unchanged 1, left 0, refused 0",
        "people: created 0, updated 0, unchanged 1, left 0, refused 0",
        "questions: created 0, updated 0, unchanged 1, left 0, refused 0",
    ]


def test_refusals_end_the_command_with_status_one(instance: Path, tmp_path: Path) -> None:
    folder = put(
        tmp_path / "content", {"articles/a.md": article("A"), "articles/b.md": "---\nsummary: x\n---\n"}
    )
    done = run(instance, "import", "markdown", str(folder))
    assert done.returncode == 1
    assert done.stderr == (
        "articles/b.md:2: The title is missing.\n"
        "Nothing was written: 1 refused; --skip-bad takes the others.\n"
    )
    assert done.stdout.splitlines()[-4] == "articles: created 0, updated 0, unchanged 0, left 0, refused 1"
    done = run(instance, "import", "markdown", str(folder), "--skip-bad")
    assert (done.returncode, done.stderr) == (0, "articles/b.md:2: The title is missing.\n")
    assert done.stdout.splitlines()[-4] == "articles: created 1, updated 0, unchanged 0, left 0, refused 1"


def test_names_of_files_do_nothing_to_the_terminal(instance: Path, tmp_path: Path) -> None:
    names = ("articles/\x1b[2J.md", "articles/\n.txt")
    done = run(instance, "import", "markdown", str(put(tmp_path / "content", dict.fromkeys(names, "x"))))
    assert done.stderr.splitlines()[0].startswith(r"articles/\x1b[2J.md:1: ")
    assert r"ignored: articles/\n.txt" in done.stdout.splitlines()


def test_a_dry_run_says_that_it_is_one(instance: Path, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A")})
    done = run(instance, "import", "markdown", str(folder), "--dry-run")
    assert done.stdout.splitlines()[-5:] == [
        "articles: created 1, updated 0, unchanged 0, left 0, refused 0",
        f"pages: {NOTHING}",
        f"people: {NOTHING}",
        f"questions: {NOTHING}",
        "This was a dry run: nothing was written.",
    ]
    assert "articles: written 0" in run(instance, "export", str(tmp_path / "export")).stdout


def test_export_and_rerender_tell_what_they_did(instance: Path, tmp_path: Path) -> None:
    run(instance, "import", "markdown", str(put(tmp_path / "content", whole())))
    assert run(instance, "export", str(tmp_path / "export")).stdout.splitlines()[-6:] == [
        "copying pictures: 3 of 3",
        "articles: written 2",
        "pages: written 1",
        "people: written 1",
        "questions: written 1",
        "images: written 3",
    ]
    assert run(instance, "rerender").stdout.splitlines()[-4:] == [
        "articles: rendered 2",
        "pages: rendered 1",
        "people: rendered 3",
        "questions: rendered 3",
    ]


def test_a_dry_run_of_an_export_or_a_rerender_says_what_it_would_do(instance: Path, tmp_path: Path) -> None:
    run(instance, "import", "markdown", str(put(tmp_path / "content", whole())))
    rehearsed = run(instance, "export", str(tmp_path / "export"), "--dry-run")
    assert rehearsed.stdout.splitlines() == [
        "articles: would be written 2",
        "pages: would be written 1",
        "people: would be written 1",
        "questions: would be written 1",
        "images: would be written 3",
        "This was a dry run: nothing was written.",
    ]
    assert run(instance, "rerender", "--dry-run").stdout.splitlines()[-5:] == [
        "articles: would change 0",
        "pages: would change 0",
        "people: would change 2",  # who was only named was never rendered
        "questions: would change 0",
        "This was a dry run: nothing was written.",
    ]


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("import", "markdown", "nowhere"), 1, "There is no folder nowhere.\n"),
        (("import", "markdown"), 2, "Missing argument 'FOLDER'"),
        (("export", "/proc/none"), 1, "The content cannot be written to /proc/none"),
    ],
)
def test_errors_are_one_sentence(instance: Path, words: tuple[str, ...], status: int, told: str) -> None:
    done = run(instance, *words)
    assert done.returncode == status
    assert told in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("moment", [0.0, 0.05, 0.1, 0.2])
def test_a_killed_import_leaves_all_or_nothing(app: Flask, tmp_path: Path, moment: float) -> None:
    before = fetch()
    db.session.rollback()
    folder = many(tmp_path / "content")
    environment = {**os.environ, "BLOG_INSTANCE": str(app.config["INSTANCE"]), "PYTHONUNBUFFERED": "1"}
    words = command(app.config["INSTANCE"], "import", "markdown", str(folder))
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        wait_for(process.stdout.readline, "rendering: 300 of 300\n")
        time.sleep(moment)
        process.send_signal(signal.SIGKILL)
    after = fetch()
    db.session.rollback()
    assert after == before or len(after["articles"]) == 300
    assert take(folder).refusals == []
    assert db.session.scalar(select(func.count()).select_from(Article)) == 300
    assert db.session.scalar(db.text("PRAGMA integrity_check")) == "ok"


def test_an_import_that_is_told_to_stop_leaves_nothing_lying_about(app: Flask, tmp_path: Path) -> None:
    figures = "".join(f"![x](../images/{n}.png)\n" for n in range(60))
    pictures = {f"images/{n}.png": picture(f"#0000{n:02x}", (2400, 1600), "PNG") for n in range(60)}
    folder = put(tmp_path / "content", pictures | {"articles/a.md": article("A", figures)})
    environment = {**os.environ, "BLOG_INSTANCE": str(app.config["INSTANCE"])}
    words = command(app.config["INSTANCE"], "import", "markdown", str(folder))
    media, deadline = Path(app.config["MEDIA"]), time.monotonic() + HANGING
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        while not list(media.glob(".incoming-*/*")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        assert process.wait(HANGING) == 128 + signal.SIGTERM
    assert list(media.iterdir()) == []


def wait_for(read: Callable[[], str], line: str) -> None:
    deadline = time.monotonic() + HANGING
    while read() != line:
        assert time.monotonic() < deadline


def test_people_sign_up_while_an_import_runs(app: Flask, client: FlaskClient, tmp_path: Path) -> None:
    folder = many(tmp_path / "content")
    environment = {**os.environ, "BLOG_INSTANCE": str(app.config["INSTANCE"])}
    words = command(app.config["INSTANCE"], "import", "markdown", str(folder))
    waits: list[float] = []
    with subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None and len(waits) < 250:
            start = time.monotonic()
            answer = client.post("/newsletter/signup", data={"email": f"dee-{len(waits)}@example.org"})
            waits.append(time.monotonic() - start)
            assert answer.status_code == 303
            time.sleep(0.02)
        assert process.wait(HANGING) == 0
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Subscriber)) == len(waits)
    assert len(waits) > 5
    assert db.session.scalar(select(func.count()).select_from(Article)) == 300
    assert max(waits) < HANGING / 2
