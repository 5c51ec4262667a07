"""An export is a folder that people can read, and it never harms what is there."""

from pathlib import Path

import pytest
from flask import Flask

from blog.lib.refusing import Refused
from blog.transfer.exporting import export_folder

from .folders import LetGo, picture, put, take, tree, whole

EXPORTED = (
    "---\n"
    "title: Sleep and memory\n"
    "category: Mental Health\n"
    "tags: [memory, sleep]\n"
    "authors: [ann-example, Ben Writer]\n"
    "reviewers: [Cy Reviewer]\n"
    "published: 2025-02-07T09:00:00+00:00\n"
    "updated: 2025-02-08T00:00:00+00:00\n"
    "reviewed: 2025-02-08\n"
    "next_review: 2026-02-08\n"
    "summary: One sentence.\n"
    'tldr: "- Sleep *well*."\n'
    "cover: images/sleep.jpg\n"
    "cover_alt: A person asleep by a window\n"
    'redirect_from: ["/post/sleep"]\n'
    "references:\n"
    "  - title: A study\n"
    "    authors: A. One\n"
    "    source: Brain Sci.\n"
    "    year: 2025\n"
    '    doi: "10.3390/x1"\n'
    "corrections:\n"
    "  - date: 2025-03-01\n"
    "    note: A number was wrong.\n"
    "disclosure: None.\n"
    "making: By hand.\n"
    "faq:\n"
    "  - question: How much sleep is enough?\n"
    "    answer: Seven hours. See [diary](diary.md#why).\n"
    "    slug: how-much-sleep\n"
    "  - use: can-i-nap\n"
    "---\n"
    "## Why\n"
    "\n"
    "See [the diary](diary.md), [Ann](../people/ann-example.md) and [us](../pages/about.md).\n"
    "\n"
    '![Cycles](../images/figures-cycles-1.jpg "One night"){credit="Ann"}\n'
)


def test_the_export_reads_as_if_a_person_had_written_it(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    export_folder(tmp_path / "export")
    assert (tmp_path / "export/articles/sleep-and-memory.md").read_text() == EXPORTED


def test_an_export_never_mixes_with_what_is_there(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    there = put(tmp_path / "there", {"notes.txt": "Mine.", "articles/old.md": "Old."})
    with pytest.raises(Refused, match=r"is not empty; --overwrite replaces the content in it\.$"):
        export_folder(there)
    assert tree(there) == {"notes.txt": b"Mine.", "articles/old.md": b"Old."}
    export_folder(there, overwrite=True)
    assert sorted(tree(there)) == [
        "articles/diary.md",
        "articles/sleep-and-memory.md",
        "images/ann.png",
        "images/figures-cycles-1.jpg",
        "images/sleep.jpg",
        "notes.txt",
        "pages/about.md",
        "people/ann-example.md",
        "questions/booking.md",
    ]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_export_goes_into_an_empty_folder(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    export_folder(tmp_path / "empty")
    assert sorted(path.name for path in (tmp_path / "empty").iterdir()) == [
        "articles",
        "images",
        "pages",
        "people",
        "questions",
    ]


def test_an_export_without_a_picture_is_none(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    for path in Path(app.config["MEDIA"]).iterdir():
        path.unlink()
    with pytest.raises(Refused, match=r"^The picture ann\.png is missing: there is no file "):
        export_folder(tmp_path / "export")
    assert not (tmp_path / "export").exists()


def test_an_export_onto_a_file_is_refused(app: Flask, tmp_path: Path) -> None:
    put(tmp_path, {"file": picture()})
    with pytest.raises(Refused, match="is a file, not a folder"):
        export_folder(tmp_path / "file")


def test_nobody_reads_the_database_while_the_files_are_written(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    progress = LetGo()
    export_folder(tmp_path / "export", progress=progress)
    assert progress.doing == {"writing files", "copying pictures"}


def test_a_rehearsed_export_tells_what_it_would_write_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    take(put(tmp_path / "content", whole()))
    there = put(tmp_path / "there", {"articles/old.md": "Old."})
    told = {"articles": 2, "pages": 1, "people": 1, "questions": 1, "images": 3}
    assert export_folder(tmp_path / "new" / "export", dry_run=True) == told
    assert export_folder(there, dry_run=True, overwrite=True) == told
    assert not (tmp_path / "new").exists()
    assert tree(there) == {"articles/old.md": b"Old."}
    with pytest.raises(Refused, match="is not empty"):
        export_folder(there, dry_run=True)
