"""Tables scroll inside themselves, have a name, and align by class."""

from collections import Counter

from markdown_it.token import Token

from blog.lib.markdown.plain import inline_text

_MAX_NAME = 120


def settle_tables(tokens: list[Token], label: str) -> None:
    """Give every table a name of its own, from its header cells, and every aligned cell a class."""
    names: Counter[str] = Counter()
    for at, token in enumerate(tokens):
        if token.type == "table_open":
            name = _name(tokens, at, label)
            names[name] += 1
            token.meta["label"] = name if names[name] == 1 else f"{name} ({names[name]})"
        elif token.type in ("th_open", "td_open"):
            alignment = str(token.attrs.pop("style", "")).removeprefix("text-align:")
            if alignment:
                # A strict content security policy refuses the style that GFM would write here.
                token.attrs["class"] = f"align-{alignment}"
            if token.type == "th_open":
                token.attrs["scope"] = "col"


def _name(tokens: list[Token], at: int, label: str) -> str:
    cells: list[str] = []
    for token in tokens[at:]:
        if token.type == "thead_close":
            break
        if token.type == "inline":
            cells.append(inline_text(token.children).strip())
    name = f"{label}: {', '.join(cell for cell in cells if cell)}".rstrip(": ")
    return name if len(name) <= _MAX_NAME else name[: _MAX_NAME - 1].rstrip(" ,") + "…"
