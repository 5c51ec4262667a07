"""Links in rendered text that are signs only: permalinks beside headings, ways back from footnotes."""

import re

_SIGN = re.compile(r'<a [^>]*class="(?:anchor|footnote-back)"[^>]*>.*?</a>', re.DOTALL)


def without_signs(html: str) -> str:
    """Return rendered HTML without them, for places where they lead nowhere."""
    return _SIGN.sub("", html)
