"""A command that fails says one sentence on standard error, and its exit status says what kind of failure."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from blog.lib.environment import ROOT

NOT_SET_UP = (
    "The database is not set up yet, or is older than this version; run `python3 run.py init` first.\n"
)


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    said: str
    complained: str


def run(folder: Path, *arguments: str, **given: str) -> Ended:
    """Run a command of the application on the data in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
    done = subprocess.run(
        [sys.executable, ROOT / "app.py", *arguments],
        env=kept | {"BLOG_INSTANCE": str(folder)} | given,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def site(tmp_path: Path, empty_database: Path) -> Path:
    """Return the data folder of a site that was set up."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "blog.sqlite3").write_bytes(empty_database.read_bytes())
    return folder


def test_a_command_that_works_says_so(tmp_path: Path) -> None:
    assert run(tmp_path, "init") == Ended(0, f"The database {tmp_path / 'blog.sqlite3'} is ready.\n", "")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nonsense"], "Error: No such command 'nonsense'.\n"),
        (["init", "--nonsense"], "Error: No such option '--nonsense'.\n"),
        (["settings", "nonsense"], "Error: No such command 'nonsense'.\n"),
        (["settings", "set", "site.title"], "Error: Missing argument 'VALUE'.\n"),
        (["serve", "--port", "0"], "Error: Invalid value for '--port': 0 is not in the range 1<=x<=65535.\n"),
    ],
)
def test_wrong_arguments_are_status_2(site: Path, arguments: list[str], complaint: str) -> None:
    ended = run(site, *arguments)
    assert (ended.status, ended.said) == (2, "")
    assert ended.complained.startswith("Usage: run.py ")  # what the person has started
    assert ended.complained.endswith(complaint)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["settings", "set", "site.nonsense", "x"], "There is no setting “site.nonsense”"),
        (["settings", "set", "site.title", ""], "This cannot be empty."),
        (["settings", "set", "site.language", "tlh"], "“tlh” is not possible here; choose one of en, de."),
        (["settings", "set", "site.accent", "blue"], "Write the colour as #rrggbb, for example #0b5a5e."),
        (["settings", "set", "site.time_zone", "Mars"], "“Mars” is not a time zone"),
        (["import", "markdown", "nowhere"], "There is no folder "),
        (["serve"], "Set BLOG_SITE_URL to the site's public address first"),
    ],
)
def test_a_rule_that_says_no_is_one_sentence_and_status_1(
    site: Path, arguments: list[str], sentence: str
) -> None:
    ended = run(site, *arguments)
    assert (ended.status, ended.said, ended.complained.count("\n")) == (1, "", 1)
    assert ended.complained.startswith(sentence)


def test_wrong_settings_of_the_process_are_a_sentence_each(site: Path) -> None:
    assert run(site, "settings", BLOG_SITE_URL="x", BLOG_TRUSTED_PROXIES="x") == Ended(
        1,
        "",
        "BLOG_SITE_URL must be an address such as https://journal.example.org, without a path.\n"
        "BLOG_TRUSTED_PROXIES must be the number of proxies in front, from 0 to 9.\n",
    )


@pytest.mark.parametrize("arguments", [["settings"], ["settings", "set", "site.title", "X"], ["rerender"]])
def test_a_site_that_was_never_set_up_is_told_how(tmp_path: Path, arguments: list[str]) -> None:
    assert run(tmp_path, *arguments) == Ended(1, "", NOT_SET_UP)


def test_a_database_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "blog.sqlite3").write_text("Not a database, but a letter. " * 100, "utf-8")
    ended = run(tmp_path, "init")
    assert ended == Ended(1, "", "The database cannot be used: file is not a database.\n")


def test_a_database_that_another_program_holds_is_one_sentence(site: Path) -> None:
    with closing(sqlite3.connect(site / "blog.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ended = run(site, "settings", "set", "site.title", "The Linden Journal")
    assert ended == Ended(1, "", "The database cannot be used: database is locked.\n")


def test_a_changed_setting_is_said_and_kept(site: Path) -> None:
    changed = run(site, "settings", "set", "site.title", "  The   Linden Journal ")
    assert changed == Ended(0, "site.title = The Linden Journal\n", "")
    assert "site.title = The Linden Journal\n" in run(site, "settings").said


def test_help_lists_the_commands(site: Path) -> None:
    ended = run(site, "--help")
    assert (ended.status, ended.complained) == (0, "")
    assert [
        name for name in ("init", "serve", "demo", "settings", "import") if f"  {name} " not in ended.said
    ] == []
    listed = [
        line.split()[0] for line in ended.said.split("Options:")[1].splitlines() if line.startswith("  ")
    ]
    assert [name for name in listed if name in ("run", "shell", "routes") or name.startswith("-")] == [
        "--help"
    ]


def test_a_reader_who_stops_listening_is_no_error_to_talk_about(site: Path) -> None:
    command = f'"{sys.executable}" "{ROOT / "app.py"}" settings | true'
    done = subprocess.run(
        ["bash", "-c", command],
        env=os.environ | {"BLOG_INSTANCE": str(site)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
