"""Addresses that stand bare in the text become links: https://example.org, nothing shorter."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# At the start, or after a space or an opening mark; `_trimmed` decides where the address ends.
_BARE = re.compile(r"(?<![^\s(*_~\"'“‘„«])https?://[^\s<>\"“”„«»]+", re.IGNORECASE)
_HOST = re.compile(r"https?://[^\s/?#.,:;!'()*]", re.IGNORECASE)
_TRAILING = frozenset("?!.,:;*_~'’‘]|")


def link_bare_addresses(state: StateCore) -> None:
    """Turn bare http(s) addresses in running text into links (a core rule)."""
    for token in state.tokens:
        if token.type == "inline" and "://" in token.content and token.children:
            token.children = _with_links(state.md, token.children)


def _with_links(md: MarkdownIt, children: list[Token]) -> list[Token]:
    linked: list[Token] = []
    inside = 0
    for child in children:
        inside += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "text" and not inside and "://" in child.content:
            linked.extend(_split(md, child))
        else:
            linked.append(child)
    return linked


def _split(md: MarkdownIt, token: Token) -> list[Token]:
    pieces: list[Token] = []
    text, at = token.content, 0
    for match in _BARE.finditer(text):
        address = _trimmed(match[0])
        href = md.normalizeLink(address)
        if not _HOST.match(address) or not md.validateLink(href):
            continue
        if match.start() > at:
            pieces.append(_text(text[at : match.start()], token.level))
        pieces.extend(_link(href, address, token.level))
        at = match.start() + len(address)
    if at < len(text):
        pieces.append(_text(text[at:], token.level))
    return pieces


def _trimmed(address: str) -> str:
    """Leave out the punctuation of the sentence around it, and closing parentheses that it did not open."""
    unopened = address.count(")") - address.count("(")
    end = len(address)
    while end:
        last = address[end - 1]
        if last == ")" and unopened > 0:
            unopened -= 1
        elif last not in _TRAILING:
            break
        end -= 1
    return address[:end]


def _text(content: str, level: int) -> Token:
    return Token("text", "", 0, content=content, level=level)


def _link(href: str, address: str, level: int) -> list[Token]:
    marks = {"markup": "linkify", "info": "auto", "level": level}
    return [
        Token("link_open", "a", 1, attrs={"href": href}, **marks),  # type: ignore[arg-type]  # marks are of several types
        _text(address, level + 1),
        Token("link_close", "a", -1, **marks),  # type: ignore[arg-type]  # marks are of several types
    ]
