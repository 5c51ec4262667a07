"""Quotes that begin with [!NOTE] or another of the seven marks become callouts."""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

KINDS = ("note", "tip", "important", "warning", "caution", "urgent", "emergency")
"""GitHub's five alerts and two of our own, for what a reader must do now."""

_MARK = re.compile(rf"\[!({'|'.join(KINDS)})\][ \t]*(?:\n|$)", re.IGNORECASE)


def mark_callouts(state: StateCore) -> None:
    """Turn the quotes whose first line is a mark into callouts (a core rule, before inline parsing)."""
    tokens = state.tokens
    opened: list[bool] = []
    kept: list[Token] = []
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        kept.append(token)
        if token.type == "blockquote_open":
            mark = _MARK.match(tokens[at + 2].content) if _begins_with_text(tokens, at) else None
            opened.append(mark is not None)
            if mark:
                skip = _take_mark(token, tokens[at + 1 : at + 4], mark)
        elif token.type == "blockquote_close" and opened.pop():
            token.type, token.tag = "callout_close", "div"
    state.tokens = kept


def _begins_with_text(tokens: list[Token], at: int) -> bool:
    return tokens[at + 1].type == "paragraph_open" and tokens[at + 2].type == "inline"


def _take_mark(quote: Token, paragraph: list[Token], mark: re.Match[str]) -> int:
    """Take the mark out of the text; return how many tokens are left over (an empty paragraph's three)."""
    quote.type, quote.tag, quote.info = "callout_open", "div", mark[1].lower()
    text = paragraph[1]
    text.content = text.content[mark.end() :]
    return 0 if text.content else 3
