"""The last gate before readers: only the tags, attributes, classes and addresses listed here pass."""

import re
from collections.abc import Callable

import nh3

from blog.lib.markdown.callouts import KINDS
from blog.lib.markdown.pictures import SIZES
from blog.lib.markdown.syntax import SCHEMES

_HEADINGS = {f"h{level}": {"id"} for level in range(2, 7)}

ATTRIBUTES: dict[str, set[str]] = {
    **_HEADINGS,
    "a": {"href", "title", "rel", "class", "id", "aria-label", "role"},
    "blockquote": set(),
    "br": set(),
    "code": {"class"},
    "dd": set(),
    "div": {"class", "role"},
    "dl": set(),
    "dt": set(),
    "em": set(),
    "figcaption": set(),
    "figure": {"class"},
    "hr": set(),
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "loading", "decoding"},
    "li": {"class", "id"},
    "ol": {"start"},
    "p": {"class"},
    "picture": set(),
    "pre": {"tabindex"},
    "s": set(),
    "section": {"class", "tabindex", "aria-label"},
    "source": {"type", "srcset", "sizes"},
    "span": {"class", "role", "aria-label"},
    "strong": set(),
    "sup": {"class", "id"},
    "table": set(),
    "tbody": set(),
    "td": {"class"},
    "th": {"class", "scope"},
    "thead": set(),
    "tr": set(),
    "ul": {"class"},
}
"""Tag to the attributes it may carry; no other tag passes."""

_ALIGNED = {"align-left", "align-center", "align-right"}
CLASSES: dict[str, set[str]] = {
    "a": {"anchor", "footnote-back"},
    "div": {"callout", "footnotes", "task__text"} | {f"callout--{kind}" for kind in KINDS},
    "figure": {"figure"},
    "li": {"task"},
    "p": {"callout__title", "footnotes__title"},
    "section": {"table"},
    "span": {"credit", "task__mark", "task__mark--done", "task__mark--open"},
    "sup": {"footnote-ref"},
    "td": _ALIGNED,
    "th": _ALIGNED,
    "ul": {"tasks"},
}

_PATH = r"/(?![/\\])[^\s\\,]*"
_CANDIDATE = rf"{_PATH} [0-9]{{1,5}}w"
VALUES: dict[str, re.Pattern[str]] = {
    "decoding": re.compile("async"),
    "height": re.compile("[0-9]{1,5}"),
    "loading": re.compile("lazy"),
    "rel": re.compile("noopener noreferrer"),
    "role": re.compile("note|img|doc-noteref|doc-backlink"),
    "scope": re.compile("col"),
    "sizes": re.compile(re.escape(SIZES)),
    "src": re.compile(r"/(?![/\\])[^\s\\]*"),
    "srcset": re.compile(rf"{_CANDIDATE}(?:, {_CANDIDATE})*"),
    "start": re.compile("[0-9]{1,9}"),
    "tabindex": re.compile("0"),
    "type": re.compile("image/(?:webp|jpeg|png|avif)"),
    "width": re.compile("[0-9]{1,5}"),
}
"""Attribute to the only values it may have; images come from this site alone."""

_LANGUAGE = re.compile(r"language-[a-z0-9+#.-]{1,30}")


def clean(html: str, prefix: str) -> str:
    """Return the HTML with all removed that is not listed; ids pass only with the document's prefix."""
    return nh3.clean(
        html,
        tags=set(ATTRIBUTES),
        clean_content_tags={"script", "style"},
        attributes={**ATTRIBUTES, "*": set()},
        attribute_filter=_filter(prefix),
        url_schemes=set(SCHEMES),
        link_rel=None,
    )


def _filter(prefix: str) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "class":
            return " ".join(name for name in value.split() if _is_known_class(tag, name)) or None
        if attribute == "id":
            return value if value.startswith(prefix) else None
        allowed = VALUES.get(attribute)
        return value if allowed is None or allowed.fullmatch(value) else None

    return keep


def _is_known_class(tag: str, name: str) -> bool:
    return name in CLASSES.get(tag, ()) or (tag == "code" and _LANGUAGE.fullmatch(name) is not None)
