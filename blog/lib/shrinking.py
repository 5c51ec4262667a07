"""Styles and scripts without what only people read."""

import re

_STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
_COMMENTS = re.compile(_STRING + r"|/\*.*?\*/", re.DOTALL)
# A blank before a colon may be a selector's and is left; the one after a colon never means anything.
_BLANKS = re.compile(_STRING + r"|\s*;?\s*(\})\s*|\s*([{;,>])\s*|(:)\s+|(\s)\s*", re.DOTALL)


def shrink_css(css: str) -> str:
    """Return the stylesheet without comments and needless blanks; strings stay as they are."""
    css = _COMMENTS.sub(lambda found: found[1] or " ", css)
    return _BLANKS.sub(_kept, css).strip()


def _kept(found: re.Match[str]) -> str:
    kept = next(part for part in found.groups() if part)
    return " " if kept.isspace() else kept


def shrink_js(script: str) -> str:
    """Return the script without indents, empty lines and lines that are comments.

    Line breaks stay, because a missing semicolon may depend on one. A text that spans lines would lose its
    indents: our scripts have none.
    """
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
