"""A draft as a file: what it says, and a line for everything that is wrong with it."""

import os
from pathlib import Path

import pytest
from flask import Flask

from blog.lib.refusing import Refused
from blog.newsletter.issues.drafting import Words
from blog.newsletter.issues.reading import MAX_BYTES, read_draft
from tests.building import article, category, save

WHOLE = """---
subject: Spring
preview: What is new
slug: spring-2026
articles: [sleep-and-memory, sleep-and-memory]
topics: [Sleep, heart]
---

It is *spring*.
"""


def file(folder: Path, text: str | bytes) -> Path:
    path = folder / "issue.md"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusals(folder: Path, text: str | bytes) -> list[str]:
    path = file(folder, text)
    with pytest.raises(Refused) as refused:
        read_draft(path)
    return [line.removeprefix(f"{path}:") for line in str(refused.value).splitlines()]


def test_a_whole_file_is_read(app: Flask, tmp_path: Path) -> None:
    save(article(category=category("Sleep")), category("Heart"))
    assert read_draft(file(tmp_path, WHOLE)) == Words(
        "Spring", "What is new", "It is *spring*.", "spring-2026", ("sleep-and-memory",), ("heart", "sleep")
    )


def test_a_subject_and_a_text_are_enough(app: Flask, tmp_path: Path) -> None:
    assert read_draft(file(tmp_path, "---\nsubject: Spring\n---\nText.")) == Words("Spring", body="Text.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Text.", ["1: The file does not begin with front matter; its first line must be ---."]),
        ("---\npreview: x\n---\n", ["2: The subject is missing."]),
        ("---\nsubject: '!?'\n---\n", ["2: No address can be made from this subject; write a slug."]),
        (
            "---\nsubject: A\n\ntitle: B\nslug: a b\n---\n",
            [
                "4: There is no field “title”; known are subject, preview, slug, articles, topics.",
                "5: “a b” cannot be an address; write letters and digits joined by single hyphens, at most 80.",
            ],
        ),
        (
            "---\nsubject: A\narticles:\n  - gone\n  - lost\ntopics: [nowhere]\n---\n",
            [
                "4: There is no article “gone”.",
                "5: There is no article “lost”.",
                "6: There is no category “nowhere”.",
            ],
        ),
        (
            f"---\nsubject: {'A' * 201}\n---\n",
            ["2: The subject has 201 characters; at most 200 are allowed."],
        ),
        (b"---\nsubject: \xff\n---\n", ["2: This is not UTF-8; save the file in that encoding."]),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    app: Flask, tmp_path: Path, text: str | bytes, said: list[str]
) -> None:
    assert refusals(tmp_path, text) == said


def test_a_text_past_the_limits_of_markdown_is_refused_at_its_line(app: Flask, tmp_path: Path) -> None:
    (said,) = refusals(tmp_path, "---\nsubject: A\n---\n\n" + ">" * 300 + " deep")
    assert said.startswith("5: ")


def test_what_is_no_file_or_too_large_is_refused(app: Flask, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    for path, said in (
        (tmp_path / "gone.md", f"{tmp_path}/gone.md cannot be read (No such file or directory)."),
        (tmp_path / "pipe.md", f"{tmp_path}/pipe.md is no file with text."),
        (tmp_path, f"{tmp_path} cannot be read (Is a directory)."),
        (
            file(tmp_path, "x" * (MAX_BYTES + 1)),
            f"{tmp_path}/issue.md is larger than 256 kB; no letter can hold that.",
        ),
    ):
        with pytest.raises(Refused) as refused:
            read_draft(path)
        assert str(refused.value) == said
