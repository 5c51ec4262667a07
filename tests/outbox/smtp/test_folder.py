"""Mail as files: whole or not there, one for each message, readable by nobody else."""

import os
from pathlib import Path

import pytest

from blog.outbox.smtp import Envelope, Later, Sent
from blog.outbox.smtp.folder import Folder

from .sending import MESSAGE, to


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_message_is_a_file_when_it_is_finished(tmp_path: Path) -> None:
    carrier = Folder(tmp_path / "new" / "mail")
    assert carrier.offer(to("ann@example.org"), MESSAGE) is None
    assert names(tmp_path / "new" / "mail") == []
    assert carrier.finish() == Sent("written to 1 at journal.example.org.eml")
    [path] = (tmp_path / "new" / "mail").iterdir()
    assert (path.name, path.read_bytes()) == ("1@journal.example.org.eml", MESSAGE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_message_twice_is_one_file(tmp_path: Path) -> None:
    carrier = Folder(tmp_path)
    for text in (b"first\r\n", b"again\r\n"):
        carrier.offer(to("ann@example.org"), text)
        carrier.finish()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"again\r\n"]


@pytest.mark.parametrize("end", [Folder.abandon, Folder.close])
def test_what_is_abandoned_leaves_nothing(tmp_path: Path, end: object) -> None:
    carrier = Folder(tmp_path)
    carrier.offer(to("ann@example.org"), MESSAGE)
    assert callable(end)
    end(carrier)
    with pytest.raises(RuntimeError):
        carrier.finish()
    assert names(tmp_path) == []


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    carrier = Folder(tmp_path / "mail")
    carrier.offer(Envelope("", "ann@example.org", "<../../x/\0y@example.org>"), MESSAGE)
    assert isinstance(carrier.finish(), Sent)
    assert names(tmp_path / "mail") == ["xy@example.org.eml"]


def test_a_folder_that_cannot_be_made_is_a_matter_of_everyone(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("a file")
    carrier = Folder(tmp_path / "mail")
    expected = Later("The folder for mail cannot be written: File exists.", everyone=True)
    assert carrier.greet() == expected
    assert carrier.offer(to("ann@example.org"), MESSAGE) == expected


def test_a_folder_that_vanishes_is_a_matter_of_everyone(tmp_path: Path) -> None:
    carrier = Folder(tmp_path / "mail")
    carrier.offer(to("ann@example.org"), MESSAGE)
    (tmp_path / "mail").rmdir()
    assert carrier.finish() == Later(
        "The folder for mail cannot be written: No such file or directory.", everyone=True
    )
    assert carrier.offer(to("ann@example.org"), MESSAGE) is None


def test_what_a_dead_process_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    for name, age in ((".old.eml.part", 7_200), (".new.eml.part", 0)):
        (tmp_path / name).write_text("half a mess")
        moment = (tmp_path / name).stat().st_mtime - age
        os.utime(tmp_path / name, (moment, moment))
    assert Folder(tmp_path).greet() is None
    assert names(tmp_path) == [".new.eml.part"]
