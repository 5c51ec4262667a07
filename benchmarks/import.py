"""How long an import of 1,000 articles takes, and how long others wait for it to write."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import create_app  # noqa: E402 (the checkout must be on the path first)
from blog.lib.clock import now  # noqa: E402
from blog.lib.db import db, write  # noqa: E402
from blog.lib.environment import read_environment  # noqa: E402

ARTICLES = 1000
INSERT = db.text("INSERT INTO setting (key, value) VALUES (:key, '0')")
PARAGRAPH = (
    "Sleep *changes* with age, and so does what we need of it. People who wake at four are **not** ill; see "
    "the [article before this one]({before}.md) and the notes[^1] below. What helps most is light in the "
    "morning, a cool room, and the same hour every day, also on days without work.\n\n"
)
ARTICLE = """---
title: Number {n}, on sleep and everything near it
slug: {name}
category: Category {category}
tags: [sleep, tag {tag}, number {odd}]
authors: [Ann Example, Ben Example]
reviewers: [Dr. Reviewer {reviewer}]
published: 2025-01-{day:02}T09:00:00+00:00
updated: 2025-02-08
reviewed: 2025-02-08
next_review: 2026-02-08
summary: One sentence about number {n} for lists and search engines.
tldr: |
  - The first thing to know about {n}.
  - The second thing to know.
references:
  - {{title: A study of {n}, authors: "A. One, B. Two", source: Brain Sci., year: 2020, doi: 10.3390/b{n}}}
  - {{title: Another study, source: Sleep, year: 2019, pmid: "{n}"}}
faq:
  - question: How much of number {n} is enough?
    answer: |
      Between **seven** and nine hours, for most people.
  - question: Is this the same everywhere?
    answer: Yes, and the answer is shared.
---
{paragraphs}## What to do

| What | When |
| --- | ---: |
| Light | 7:00 |
| Dinner | 19:00 |

{paragraphs}> [!NOTE]
> Ask your doctor first.

[^1]: A note.
"""


def make_folder(folder: Path) -> None:
    """Write 1,000 articles of about 700 words each."""
    (folder / "articles").mkdir(parents=True)
    for n in range(ARTICLES):
        text = ARTICLE.format(
            n=n,
            name=f"number-{n}",
            category=n % 8,
            tag=n % 50,
            odd=n,
            reviewer=n % 20,
            day=n % 28 + 1,
            paragraphs=PARAGRAPH.format(before=f"number-{max(0, n - 1)}") * 6,
        )
        (folder / "articles" / f"number-{n}.md").write_text(text, "utf-8")


def write_meanwhile(instance: Path, stop: threading.Event, waits: list[float]) -> None:
    """Write small rows, as signups do, and keep how long each took."""
    app = create_app(read_environment({**os.environ, "BLOG_INSTANCE": str(instance)}))
    with app.app_context():
        while not stop.is_set():
            start = time.monotonic()
            with write() as session:
                session.execute(INSERT, {"key": f"benchmark.{now()}"})
            waits.append(time.monotonic() - start)
            time.sleep(0.05)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        folder, instance = Path(place) / "content", Path(place) / "instance"
        make_folder(folder)
        environment = {**os.environ, "BLOG_INSTANCE": str(instance)}
        command = [sys.executable, str(ROOT / "app.py")]
        subprocess.run([*command, "init"], env=environment, check=True, capture_output=True)
        for number in ("first", "second"):
            stop, waits = threading.Event(), list[float]()
            writer = threading.Thread(target=write_meanwhile, args=(instance, stop, waits))
            writer.start()
            start = time.monotonic()
            subprocess.run([*command, "import", "markdown", str(folder)], env=environment, check=True)
            seconds = time.monotonic() - start
            stop.set()
            writer.join()
            print(f"{number} import of {ARTICLES} articles: {seconds:.1f} s")
            print(f"meanwhile {len(waits)} other writes; the longest took {max(waits):.2f} s")


if __name__ == "__main__":
    main()
