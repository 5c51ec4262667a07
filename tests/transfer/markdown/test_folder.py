"""A folder on the disk may hold anything; what nobody can read is refused alone."""

from pathlib import Path

from flask import Flask

from blog.transfer.markdown.folder import list_folder
from tests.transfer.folders import article, picture, put, sums, take

CIRCLE = "This cannot be read (Too many levels of symbolic links)."


def with_circles(folder: Path) -> Path:
    put(folder, {"articles/a.md": article("A"), "images/a.jpg": picture()})
    for path in ("loop", "people", "articles/loop.md", "images/loop.jpg"):
        (folder / path).symlink_to(Path(path).name)
    (folder / "images/there.jpg").symlink_to("back.jpg")
    (folder / "images/back.jpg").symlink_to("there.jpg")
    return folder


def test_a_link_that_leads_to_itself_is_refused_and_nothing_else(tmp_path: Path) -> None:
    listing = list_folder(with_circles(tmp_path))
    assert [str(refusal) for refusal in sorted(listing.refusals)] == [
        f"articles/loop.md:1: {CIRCLE}",
        f"images/back.jpg:1: {CIRCLE}",
        f"images/loop.jpg:1: {CIRCLE}",
        f"images/there.jpg:1: {CIRCLE}",
        f"loop:1: {CIRCLE}",
        f"people:1: {CIRCLE}",
    ]
    assert (list(listing.texts), list(listing.pictures)) == (["articles/a.md"], ["images/a.jpg"])


def test_the_others_are_taken_when_told_so(app: Flask, tmp_path: Path) -> None:
    folder = with_circles(tmp_path / "content")
    assert sums(take(folder)) == {"refused": 1}
    assert sums(take(folder, skip_bad=True)) == {"created": 1, "refused": 1}


def test_a_picture_that_leads_to_itself_refuses_who_needs_it(tmp_path: Path, app: Flask) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A", "![x](../images/b.jpg)")})
    (folder / "images").mkdir()
    (folder / "images/b.jpg").symlink_to("b.jpg")
    assert [str(refusal) for refusal in take(folder).refusals] == [
        "articles/a.md:4: ../images/b.jpg is not in the folder.",
        f"images/b.jpg:1: {CIRCLE}",
    ]


def test_a_link_to_nothing_is_refused_where_it_is_needed(app: Flask, tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A"), "images/a.jpg": picture()})
    (folder / "articles/b.md").symlink_to("nothing.md")
    (folder / "images/b.jpg").symlink_to("nothing.jpg")
    account = take(folder, skip_bad=True)
    assert [str(refusal) for refusal in account.refusals] == [
        "articles/b.md:1: The file cannot be read (No such file or directory)."
    ]
    assert account.ignored == ["images/a.jpg", "images/b.jpg"]
