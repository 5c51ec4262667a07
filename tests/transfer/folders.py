"""Content folders for tests, made of a few lines."""

import io
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

from blog.lib.db import db
from blog.transfer.importing import Account, NotTaken, Options, import_folder
from blog.transfer.outcomes import Outcome

SLEEP = """---
title: Sleep and memory
category: Mental Health
tags: [sleep, memory]
authors: [ann-example, Ben Writer]
reviewers: [Cy Reviewer]
published: 2025-02-07T09:00:00+00:00
updated: 2025-02-08
reviewed: 2025-02-08
next_review: 2026-02-08
summary: One sentence.
tldr: |
  - Sleep *well*.
cover: images/sleep.jpg
cover_alt: A person asleep by a window
redirect_from: [/post/sleep]
references:
  - {title: A study, authors: "A. One", source: Brain Sci., year: 2025, doi: 10.3390/x1, pmid: , url: }
corrections:
  - {date: 2025-03-01, note: A number was wrong.}
disclosure: None.
making: By hand.
faq:
  - question: How much sleep is enough?
    answer: |
      Seven hours. See [diary](diary.md#why).
    slug: how-much-sleep
  - use: can-i-nap
---
## Why

See [the diary](diary.md), [Ann](../people/ann-example.md) and [us](../pages/about.md).

![Cycles](../images/figures/Cycles 1.jpg "One night"){credit="Ann"}
""".replace("Cycles 1", "cycles-1")
DIARY = """---
title: How to keep a diary
slug: diary
authors: [Ann Example]
faq:
  - question: Can I nap?
    answer: Yes.
---
Write it down.
"""
ANN = """---
name: Ann Example
credentials: MD
role: Editor
photo: images/ann.png
orcid: 0000-0002-1825-0097
links:
  - {title: Home, url: "https://ann.example.org/"}
---
Ann edits. Read [her article](../articles/sleep-and-memory.md).
"""
ABOUT = "---\ntitle: About us\n---\nWe are [doctors](../people/ann-example.md).\n"
BOOKING = "---\nquestion: How do I book?\ncategory: Practice\npublished: 2025-01-01\n---\nCall us.\n"


def picture(color: str = "teal", size: tuple[int, int] = (64, 40), form: str = "JPEG") -> bytes:
    """Return a small picture's bytes."""
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, form)
    return file.getvalue()


def whole() -> dict[str, str | bytes]:
    """Return a folder in which everything occurs, as paths and contents."""
    return {
        "articles/sleep-and-memory.md": SLEEP,
        "articles/diary.md": DIARY,
        "people/ann-example.md": ANN,
        "pages/about.md": ABOUT,
        "questions/booking.md": BOOKING,
        "images/sleep.jpg": picture("navy"),
        "images/figures/cycles-1.jpg": picture("gold"),
        "images/ann.png": picture("red", form="PNG"),
    }


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files into a folder and return it."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def article(title: str, body: str = "Text.", **fields: str) -> str:
    """Return an article's file; fields are written as they are given."""
    written = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return f"---\ntitle: {title}\n{written}---\n{body}\n"


def take(folder: Path, *, overwrite: bool = False, skip_bad: bool = False, dry_run: bool = False) -> Account:
    """Import a folder without a word; return the account also where nothing was taken."""
    try:
        return import_folder(folder, Options(dry_run=dry_run, overwrite=overwrite, skip_bad=skip_bad))
    except NotTaken as refused:
        return refused.account


def sums(account: Account, kind: str = "articles") -> dict[str, int]:
    """Return what an account says of one kind, without the zeros."""
    return {outcome.value: account.sums[kind][outcome] for outcome in Outcome if account.sums[kind][outcome]}


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files of a folder by their paths in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class LetGo:
    """Progress that keeps what is being done, and sees to it that nobody reads the database meanwhile.

    A reader who stays keeps every writer's checkpoint from folding the log back.
    """

    def __init__(self) -> None:
        self.doing: set[str] = set()

    def __call__(self, doing: str, _done: int, _of: int) -> None:
        """Check the session and keep what is being done."""
        assert not db.session().in_transaction(), doing
        self.doing.add(doing)
