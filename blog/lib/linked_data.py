"""Linked data in a page: schema.org objects as one graph, safe to stand inside a script element."""

import json
from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

Thing = dict[str, Any]

_UNSAFE = (
    ("<", "\\u003c"),
    (">", "\\u003e"),
    ("&", "\\u0026"),
    ("\u2028", "\\u2028"),
    ("\u2029", "\\u2029"),
)


def graph(things: Iterable[Thing]) -> Markup:
    """Return the things as one JSON-LD graph; empty values are left out, markup characters are escaped."""
    content = {"@context": "https://schema.org", "@graph": [_filled(thing) for thing in things]}
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    for letter, escape in _UNSAFE:
        text = text.replace(letter, escape)
    return Markup(text)  # noqa: S704 (nothing in it can end the element it stands in)


def _filled(value: Any) -> Any:
    if isinstance(value, str):  # first: it is by far the most
        return value
    if isinstance(value, dict):
        return {key: _filled(part) for key, part in value.items() if part or part == 0}
    return [_filled(part) for part in value] if isinstance(value, list) else value


def breadcrumbs(url: str, steps: list[tuple[str, str]]) -> Thing:
    """Return the BreadcrumbList of a page; each step is a name and the absolute address."""
    return {
        "@type": "BreadcrumbList",
        "@id": f"{url}#breadcrumbs",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": address}
            for place, (name, address) in enumerate(steps, 1)
        ],
    }
