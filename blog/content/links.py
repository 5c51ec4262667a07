"""Links between texts, as readers may follow them at this moment."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from .queries import is_public

_LINK = re.compile(
    r'<a href="(?P<path>/(?:articles|faq|people|categories|tags)/[^"#?./]+)[^"]*"[^>]*>(?P<words>.*?)</a>',
    re.DOTALL,
)


def without_hidden_links(html: str) -> str:
    """Return rendered HTML in which a link to something that readers may not see is its words alone."""
    hidden = hidden_targets([html])
    return (
        _LINK.sub(lambda link: link["words"] if link["path"] in hidden else link[0], html) if hidden else html
    )


def hidden_targets(texts: Iterable[str]) -> set[str]:
    """Return the addresses that these texts link to and that readers may not see; as they stand in the HTML."""
    paths = {link["path"] for html in texts for link in _LINK.finditer(html)}
    return {path for path in paths if not is_public(unquote(path))}


def without_hidden_destinations(markdown: str, hidden: Iterable[str]) -> str:
    """Return Markdown in which inline links to hidden addresses are their words alone."""
    for path in sorted(hidden):
        spellings = "|".join(re.escape(spelling) for spelling in {path, unquote(path)})
        markdown = re.sub(
            rf"(?<!!)\[([^\]\[]*)\]\(<?(?:{spellings})(?:[#?][^)\s>]*)?>?(?:\s+[^)]*)?\)", r"\1", markdown
        )
    return markdown
