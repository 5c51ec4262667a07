"""Markdown in, what a page shows out: parse, settle headings and tables, write, clean."""

import re
from collections.abc import Callable, Iterator

from markdown_it.token import Token

from blog.lib.markdown.cleaning import clean
from blog.lib.markdown.figures import find_pictures
from blog.lib.markdown.headings import Anchors, settle_levels, without_empty_headings
from blog.lib.markdown.plain import count_words, document_text, inline_text
from blog.lib.markdown.shapes import ENGLISH, Heading, Labels, Picture, Rendered
from blog.lib.markdown.syntax import PARSER, parse
from blog.lib.markdown.tables import settle_tables
from blog.lib.markdown.writing import Context, write

RENDERER = 1
"""Raise it when the output for the same text changes: what is stored is then made anew."""

_PREFIX = re.compile(r"\w[\w-]*-")


def _no_picture(_src: str) -> Picture | None:
    return None


def render(
    source: str,
    *,
    prefix: str,
    picture: Callable[[str], Picture | None] = _no_picture,
    labels: Labels = ENGLISH,
    rank: int = 2,
) -> Rendered:
    """Return the document for readers.

    `prefix` begins every id ("text-", "answer-12-"), so that no heading can take the id of something else
    on the page; two documents on one page need two prefixes. `picture` gets an image's address as
    `destinations` gives it. `rank` is the level of the topmost heading, 2 to 6.
    Raises Refused for a text that is past the limits.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"prefix must look like 'text-': {prefix!r}")
    if not 2 <= rank <= 6:
        raise ValueError(f"rank must be from 2 to 6: {rank}")
    tokens = without_empty_headings(parse(source))
    find_pictures(tokens, picture)
    settle_levels(tokens, rank)
    settle_tables(tokens, labels.table)
    _close_tasks(tokens)
    return _rendered(tokens, prefix, labels)


def _rendered(tokens: list[Token], prefix: str, labels: Labels) -> Rendered:
    anchors, headings = _give_anchors(tokens, prefix)
    context = Context(prefix, labels, anchors, frozenset(_references(tokens)))
    text = document_text(tokens)
    html = clean(write(tokens, PARSER.options, context), prefix)
    return Rendered(html, headings, text, count_words(text))


def _give_anchors(tokens: list[Token], prefix: str) -> tuple[frozenset[str], tuple[Heading, ...]]:
    anchors, given, headings = Anchors(), set(), []
    for at, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        text = " ".join(inline_text(tokens[at + 1].children).split())
        anchor = anchors.give(text)
        given.add(anchor)
        token.attrs["id"] = prefix + anchor
        tokens[at + 2].meta = {"anchor": prefix + anchor, "text": text}
        if token.level == 0:
            headings.append(Heading(int(token.tag[1:]), prefix + anchor, text))
    return frozenset(given), tuple(headings)


def _close_tasks(tokens: list[Token]) -> None:
    """Let the end of a task's list item know what its beginning knows."""
    around: list[Token] = []
    for token in tokens:
        if token.type == "list_item_open":
            around.append(token)
        elif token.type == "list_item_close":
            token.meta = around.pop().meta


def _references(tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """Yield the footnote references that are written (one in an image's alternative text is not)."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                yield child.meta["id"], child.meta["subId"]
