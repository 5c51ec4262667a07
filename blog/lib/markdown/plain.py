"""A document without its marks, as search and a count of words read it."""

import re
from collections.abc import Iterable

from markdown_it.token import Token

_WORD = re.compile(r"[^\W_]+(?:['’.,\-‑][^\W_]+)*")


def inline_text(children: Iterable[Token] | None) -> str:
    """Return what an inline piece says: its words, its code, its images' alternative texts."""
    parts: list[str] = []
    for child in children or ():
        if child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append(inline_text(child.children))
    return "".join(parts)


def document_text(tokens: Iterable[Token]) -> str:
    """Return the whole document's words, one block a line; captions and credits of figures included."""
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            lines.append(inline_text(token.children))
            lines.extend(_image_words(token.children or []))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content)
    return "\n".join(line.strip() for line in lines if line.strip())


def _image_words(children: list[Token]) -> list[str]:
    images = [child for child in children if child.type == "image"]
    return [
        str(word) for image in images for word in (image.attrGet("title"), image.meta.get("credit")) if word
    ]


def count_words(text: str) -> int:
    """Count words; "well-being" and "3.5" are one each."""
    return sum(1 for _ in _WORD.finditer(text))
