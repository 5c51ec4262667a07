"""Bad input is refused with file, line and reason, and loses nothing."""

import os
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from blog.lib.refusing import Refused
from blog.transfer.fetching import fetch
from blog.transfer.markdown.reading import read_folder
from blog.transfer.outcomes import quiet
from blog.transfer.readings import Reading
from tests.transfer.folders import article, picture, put, take, whole

UTC = ZoneInfo("UTC")


def read(folder: Path) -> Reading:
    return read_folder(folder, UTC, quiet)


def refusals(folder: Path) -> list[str]:
    return [str(refusal) for refusal in sorted(read(folder).refusals)]


TOO_DEEP = "> " * 50 + "x"
BAD: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "no title": ({"articles/a.md": "---\nsummary: x\n---\n"}, "articles/a.md:2: The title is missing."),
    "bad YAML": (
        {"articles/a.md": "---\ntitle: A\ntags: [a, b\n---\n"},
        "articles/a.md:4: The YAML cannot be read: did not find expected ',' or ']'.",
    ),
    "wrong encoding": (
        {"articles/a.md": "---\ntitle: Schlaf\nsummary: schön\n---\n".encode("latin-1")},
        "articles/a.md:3: This is not UTF-8; save the file in that encoding.",
    ),
    "bad date": (
        {"articles/a.md": article("A", published="2025-13-01")},
        "articles/a.md:3: The published “2025-13-01” is not a date; write 2025-02-07 or "
        "2025-02-07T09:00:00+00:00.",
    ),
    "duplicate slug": (
        {"articles/a.md": article("A", slug="sleep"), "articles/b.md": article("B", slug="Sleep")},
        "articles/b.md:3: The slug “sleep” is that of articles/a.md too.",
    ),
    "duplicate title": (
        {"articles/a.md": article("Sleep"), "articles/b.md": article("Sleep!")},
        "articles/b.md:2: The slug “sleep” is that of articles/a.md too.",
    ),
    "missing cover": (
        {"articles/a.md": article("A", cover="images/none.jpg", cover_alt="None")},
        "articles/a.md:3: The picture images/none.jpg is not in the folder.",
    ),
    "missing figure": (
        {"articles/a.md": article("A", "One\n\n![x](../images/none.jpg)")},
        "articles/a.md:6: ../images/none.jpg is not in the folder.",
    ),
    "missing photo": (
        {"people/a.md": "---\nname: A\nphoto: images/none.jpg\n---\n"},
        "people/a.md:3: The picture images/none.jpg is not in the folder.",
    ),
    "dead link in an answer": (
        {"articles/a.md": article("A", faq="\n  - question: Why?\n    answer: '[x](none.md)'")},
        "articles/a.md:5: none.md is not in the folder.",
    ),
    "unknown field": (
        {"pages/a.md": "---\ntitle: A\ncolour: red\n---\n"},
        "pages/a.md:3: There is no field “colour”; known are title.",
    ),
    "a page in the way": (
        {"pages/search.md": "---\ntitle: A\n---\n"},
        "pages/search.md:2: A page cannot be called “search”: the site needs /search itself.",
    ),
    "pictures of one name": (
        {
            "articles/a.md": article("A", "![x](../images/a/b.jpg) ![y](../images/a-b.jpg)"),
            "images/a/b.jpg": picture(),
            "images/a-b.jpg": picture(),
        },
        "articles/a.md:4: The pictures images/a/b.jpg and images/a-b.jpg would both be called a-b.jpg.",
    ),
    "no picture": (
        {"articles/a.md": article("A", "![x](../images/a.jpg)"), "images/a.jpg": b"<svg></svg>"},
        "articles/a.md:4: images/a.jpg: ",
    ),
    "an old address that is in use": (
        {"articles/a.md": article("A"), "articles/b.md": article("B", redirect_from="[/articles/a]")},
        "articles/b.md:3: /articles/a is the address of articles/a.md.",
    ),
    "an old address of two": (
        {
            "articles/a.md": article("A", redirect_from="[/old]"),
            "articles/b.md": article("B", redirect_from="[/old]"),
        },
        "articles/b.md:3: /old is an old address of articles/a.md too.",
    ),
    "too deep to render": (
        {"articles/a.md": article("A", "> " * 5000 + "x")},
        "articles/a.md:4: Quotes and lists are nested too deeply.",
    ),
    "too deep further down": (
        {"articles/a.md": article("A", "\n\n" + "One.\n\n" * 9 + TOO_DEEP)},
        "articles/a.md:24: Quotes and lists are nested too deeply.",
    ),
    "too deep beside a link": (
        {"articles/a.md": article("A", f"[x](a.md)\n\n{TOO_DEEP}")},
        "articles/a.md:6: Quotes and lists are nested too deeply.",
    ),
    "a short version that is too deep": (
        {"articles/a.md": article("A", summary="x", tldr=f"'{TOO_DEEP}'")},
        "articles/a.md:4: Quotes and lists are nested too deeply.",
    ),
    "an answer that is too deep": (
        {"articles/a.md": article("A", faq=f"\n  - question: Why?\n    answer: '{TOO_DEEP}'")},
        "articles/a.md:5: Quotes and lists are nested too deeply.",
    ),
    "a question that is too deep": (
        {"questions/a.md": f"---\nquestion: Why?\n---\nSo:\n\n{TOO_DEEP}\n"},
        "questions/a.md:6: Quotes and lists are nested too deeply.",
    ),
    "too many brackets": (
        {"pages/a.md": f"---\ntitle: A\n---\n\n{'[' * 10_001}\n"},
        "pages/a.md:5: The text has more than 10,000 opening square brackets",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_lost(
    app: Flask, tmp_path: Path, case: str
) -> None:
    take(put(tmp_path / "good", whole()))
    before = fetch()
    files, expected = BAD[case]
    account = take(put(tmp_path / "bad", files))
    assert [str(refusal)[: len(expected)] for refusal in account.refusals] == [expected]
    assert fetch() == before


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    files = {
        "articles/a.md": "---\ntitle: A\npublished: soon\ncolour: red\n---\n[x](none.md)\n",
        "people/b.md": "---\nrole: x\n---\n",
    }
    told = refusals(put(tmp_path, files))
    assert [line.rsplit(": ")[0] for line in told] == [
        "articles/a.md:3",
        "articles/a.md:4",
        "articles/a.md:6",
        "people/b.md:2",
    ]


def test_a_link_out_of_the_folder_is_refused_whatever_it_leads_to(tmp_path: Path) -> None:
    secret = put(tmp_path / "outside", {"secret.md": article("Secret"), "x/y.md": article("Secret")})
    folder = put(tmp_path / "content", {"articles/a.md": article("A")})
    (folder / "articles/b.md").symlink_to(secret / "secret.md")
    (folder / "people").symlink_to(secret / "x")
    (folder / "images").mkdir()
    (folder / "images/c.jpg").symlink_to("/etc/hostname")
    assert refusals(folder) == [
        "articles/b.md:1: This is a link to something outside the folder.",
        "images/c.jpg:1: This is a link to something outside the folder.",
        "people:1: This is a link to something outside the folder.",
    ]


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A"), "drafts/b.md": article("B")})
    (folder / "articles/b.md").symlink_to("../drafts/b.md")
    assert sorted(read(folder).items) == ["articles/a.md", "articles/b.md"]


@pytest.mark.parametrize(("path", "size"), [("articles/big.md", 2), ("images/big.jpg", 20)])
def test_a_huge_file_is_refused_unread(app: Flask, tmp_path: Path, path: str, size: int) -> None:
    folder = put(
        tmp_path / "content", {"articles/a.md": article("A", "![x](images/big.jpg)"), "images/big.jpg": ""}
    )
    with (folder / path).open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    if path.startswith("articles"):
        (folder / "images/big.jpg").write_bytes(picture())
    expected = {
        "articles/big.md": "articles/big.md:1: The file is larger than 2 MB.",
        "images/big.jpg": "articles/a.md:4: images/big.jpg: The file is larger than 20 MB.",
    }
    assert [str(refusal) for refusal in take(folder).refusals] == [expected[path]]


def test_a_file_that_vanishes_while_others_are_read_is_refused_alone(tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A"), "articles/b.md": article("B")})

    def vanish(_doing: str, _done: int, _of: int) -> None:
        (folder / "articles/b.md").unlink(missing_ok=True)

    reading = read_folder(folder, UTC, vanish)
    assert [str(refusal) for refusal in reading.refusals] == [
        "articles/b.md:1: The file cannot be read (No such file or directory)."
    ]
    assert list(reading.items) == ["articles/a.md"]


def test_a_pipe_keeps_nobody_waiting(tmp_path: Path) -> None:
    folder = put(tmp_path / "content", {"articles/a.md": article("A")})
    os.mkfifo(folder / "articles/b.md")
    assert refusals(folder) == ["articles/b.md:1: This is not a file with content."]


def test_a_folder_without_content_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^There is no folder"):
        read(tmp_path / "none")
    with pytest.raises(Refused, match=r"it holds none of articles/, pages/, people/, questions/"):
        read(tmp_path)
