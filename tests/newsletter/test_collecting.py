"""Reports are taken out of a Maildir, each once, whoever else reaches into it."""

import os
from collections import Counter
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.db import db, write
from blog.lib.refusing import Refused
from blog.newsletter.collecting import collect, collect_returned_mail, take_report, told
from blog.newsletter.models import Bounce, Subscriber
from blog.settings.declaring import choose
from tests.newsletter.letters import letter_to
from tests.outbox import returned
from tests.subscribers import confirmed


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """Return an empty Maildir; Dee was sent a letter."""
    with write():
        letter_to(confirmed())
    for name in ("new", "cur", "tmp"):
        (tmp_path / "mail" / name).mkdir(parents=True)
    return tmp_path / "mail"


def put(folder: Path, name: str, raw: bytes) -> None:
    (folder / "new" / name).write_bytes(raw)


def names(folder: Path) -> tuple[list[str], list[str]]:
    return sorted(os.listdir(folder / "new")), sorted(os.listdir(folder / "cur"))


def test_new_reports_are_counted_and_moved_to_the_seen(folder: Path) -> None:
    put(folder, "1.M1.host", returned.POSTFIX)
    put(folder, "2.M2.host:2,", b"Subject: Out of office\n\nBack on Monday.")
    put(folder, "3.M3.host", returned.POSTFIX)
    assert collect(folder) == Counter({"counted": 1, "known already": 1, "no reports": 1})
    assert names(folder) == ([], ["1.M1.host:2,S", "2.M2.host:2,S", "3.M3.host:2,S"])
    assert collect(folder) == Counter()
    assert db.session.query(Subscriber).one().left_at is not None


def test_whoever_was_killed_before_moving_a_report_counts_it_no_second_time(folder: Path) -> None:
    put(folder, "1.M1.host", returned.POSTFIX)
    take_report(returned.POSTFIX)
    assert collect(folder) == Counter({"known already": 1})
    assert db.session.query(Bounce).count() == 1


def test_what_is_no_plain_file_is_left(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(returned.POSTFIX)
    (folder / "new" / "link").symlink_to(secret)
    (folder / "new" / "folder").mkdir()
    os.mkfifo(folder / "new" / "pipe")
    put(folder, ".hidden", returned.POSTFIX)
    assert collect(folder) == Counter()
    assert names(folder) == ([".hidden", "folder", "link", "pipe"], [])


def test_a_huge_message_is_no_report(folder: Path) -> None:
    put(folder, "1.M1.host", returned.POSTFIX + b"x" * 2_000_000)
    assert collect(folder) == Counter({"no reports": 1})


def test_a_folder_that_is_no_maildir_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="is no Maildir: it needs the folders new and cur"):
        collect(tmp_path / "nowhere")


def test_the_chore_takes_the_maildir_of_the_setting_if_there_is_one(folder: Path) -> None:
    put(folder, "1.M1.host", returned.POSTFIX)
    collect_returned_mail()
    assert len(names(folder)[0]) == 1
    with write():
        choose("mail.bounce_maildir", str(folder))
    collect_returned_mail()
    assert len(names(folder)[0]) == 0


def test_a_maildir_is_named_by_its_whole_path(app: Flask) -> None:
    with pytest.raises(Refused, match="Write the whole path"), write():
        choose("mail.bounce_maildir", "mail")


def test_the_sums_are_told_in_words() -> None:
    assert told(Counter({"counted": 2, "no reports": 1})) == "counted 2, no reports 1"
    assert told(Counter()) == "nothing new"
