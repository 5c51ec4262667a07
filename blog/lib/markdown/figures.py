"""An image alone in its paragraph is a figure: its title the caption, {credit="..."} after it the credit."""

import re
from collections.abc import Callable

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from blog.lib.markdown.pictures import is_site_path
from blog.lib.markdown.shapes import Picture

_CREDIT = re.compile(r'\{credit="((?:[^"\\\n]|\\.){0,500})"\}')
_ESCAPED = re.compile(r"\\(.)")


def read_credit(state: StateInline, silent: bool) -> bool:
    """Read the credit right after an image (an inline rule); no other attribute exists."""
    if silent or state.pending or not state.tokens or state.tokens[-1].type != "image":
        return False
    match = _CREDIT.match(state.src, state.pos, state.posMax)
    if match is None or "credit" in state.tokens[-1].meta:
        return False
    state.tokens[-1].meta["credit"] = _ESCAPED.sub(r"\1", match[1]).strip()
    state.pos = match.end()
    return True


def find_pictures(tokens: list[Token], picture: Callable[[str], Picture | None]) -> None:
    """Look up every image's picture; a figure that has nothing to show becomes a paragraph again."""
    for at, token in enumerate(tokens):
        for image in token.children or ():
            if image.type == "image":
                src = str(image.attrs["src"])
                image.meta["picture"] = found = picture(src)
                if image.meta.get("figure") and found is None and not is_site_path(src):
                    for edge, side in ((tokens[at - 1], "open"), (tokens[at + 1], "close")):
                        edge.type, edge.tag = f"paragraph_{side}", "p"


def mark_figures(state: StateCore) -> None:
    """Turn paragraphs that hold one image and nothing else into figures (a core rule, after inlines)."""
    tokens = state.tokens
    for at in range(1, len(tokens) - 1):
        opening, text, closing = tokens[at - 1 : at + 2]
        if text.type != "inline" or opening.type != "paragraph_open" or opening.hidden:
            continue
        image = _only_image(text.children or [])
        # A footnote puts its way back into its last paragraph, which then is not the image's alone.
        if image is not None and closing.type == "paragraph_close":
            opening.type, opening.tag = "figure_open", "figure"
            closing.type, closing.tag = "figure_close", "figure"
            text.children = [image]
            image.meta["figure"] = True


def _only_image(children: list[Token]) -> Token | None:
    solid = [
        child
        for child in children
        if child.type != "softbreak" and (child.type != "text" or child.content.strip())
    ]
    return solid[0] if len(solid) == 1 and solid[0].type == "image" else None
