"""A draft as a file: front matter says what it is, the Markdown below is its text."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path

from blog.content.models import Article, Category
from blog.lib.frontmatter import Document, RefusedAt, take_apart
from blog.lib.markdown import render
from blog.lib.refusing import Refused
from blog.lib.sheets import Sheet
from blog.settings import identity

from .drafting import Words, ids_of

FIELDS = ("subject", "preview", "slug", "articles", "topics")
SUBJECT, PREVIEW = 200, 300
MAX_BYTES = 256 * 1024
"""More text than fits into a letter of 100 kB, with room for its Markdown."""


def read_draft(file: Path) -> Words:
    """Read a file; raises Refused with a line `FILE:LINE: reason` for everything that is wrong with it."""
    try:
        document = take_apart(_bytes(file))
    except RefusedAt as problem:
        raise _refusal(file, [problem]) from None
    words, problems = _parsed(document)
    if problems:
        raise _refusal(file, problems)
    return words


def _bytes(file: Path) -> bytes:
    try:
        # A pipe would keep us waiting for ever.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            if not stat.S_ISREG(os.fstat(opened.fileno()).st_mode):
                raise Refused(f"{file} is no file with text.")
            data = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused(f"{file} cannot be read ({error.strerror}).") from None
    if len(data) > MAX_BYTES:
        raise Refused(f"{file} is larger than {MAX_BYTES // 1024} kB; no letter can hold that.")
    return data


def _parsed(document: Document) -> tuple[Words, list[RefusedAt]]:
    problems: list[RefusedAt] = []
    sheet = Sheet(document.fields, FIELDS, identity.zone(), problems)
    articles = sheet.texts("articles")
    topics = [(topic.slug, sheet.line("topics")) for topic in sheet.named("topics")]
    words = Words(
        subject=sheet.text("subject", SUBJECT, needed=True),
        preview=sheet.text("preview", PREVIEW),
        body=document.body,
        slug=sheet.slug("slug"),
        articles=tuple(dict.fromkeys(slug for slug, _line in articles)),
        topics=tuple(sorted({slug for slug, _line in topics})),
    )
    _note_missing(sheet, Article, "article", articles)
    _note_missing(sheet, Category, "category", topics)
    if words.subject and not words.slug and not words.address and not problems:
        sheet.note(sheet.line("subject"), "No address can be made from this subject; write a slug.")
    try:
        render(document.body, prefix="issue-")
    except Refused as refused:
        sheet.note(document.body_line, str(refused))
    return words, problems


def _note_missing(
    sheet: Sheet, model: type[Article] | type[Category], kind: str, named: Sequence[tuple[str, int]]
) -> None:
    known = ids_of(model, [slug for slug, _line in named])
    for slug, line in named:
        if slug not in known:
            sheet.note(line, f"There is no {kind} “{slug[:80]}”.")


def _refusal(file: Path, problems: list[RefusedAt]) -> Refused:
    lines = sorted((problem.line, str(problem)) for problem in problems)
    return Refused("\n".join(f"{file}:{line}: {reason}" for line, reason in lines))
