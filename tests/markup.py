"""What a page says, for tests: its words, its elements, its linked data."""

import json
from html.parser import HTMLParser
from typing import Any

_UNSEEN = ("script", "style", "title")
_WITHIN_A_LINE = ("a", "cite", "code", "em", "mark", "s", "strong", "sup", "time")


class Shown(HTMLParser):
    """One HTML document, read."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.title = ""
        self._words: list[str] = []
        self._scripts: list[str] = []
        self._inside: tuple[str, dict[str, str]] = ("", {})
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.elements.append((tag, named))
        self._words.append("" if tag in _WITHIN_A_LINE else " ")
        self._inside = (tag, named) if tag in _UNSEEN else self._inside

    def handle_endtag(self, tag: str) -> None:
        self._inside = ("", {}) if tag in _UNSEEN else self._inside

    def handle_data(self, data: str) -> None:
        tag, named = self._inside
        if tag == "title":
            self.title += data
        elif tag == "script" and named.get("type") == "application/ld+json":
            self._scripts.append(data)
        elif not tag:
            self._words.append(data)

    @property
    def text(self) -> str:
        """Return the words that readers see, with single spaces."""
        return " ".join("".join(self._words).split())

    @property
    def graphs(self) -> list[Any]:
        """Return every linked data document of the page."""
        return [json.loads(script) for script in self._scripts]

    def things(self, kind: str) -> list[dict[str, Any]]:
        """Return the things of this type in the page's graph."""
        return [thing for graph in self.graphs for thing in graph["@graph"] if thing["@type"] == kind]

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        """Return the attributes of every such element; `class_` stands for `class`."""
        attributes = {name.rstrip("_"): value for name, value in wanted.items()}
        return [
            named for found, named in self.elements if found == tag and attributes.items() <= named.items()
        ]

    def meta(self, name: str) -> str | None:
        """Return the content of the meta element with this name or property."""
        found = [*self.all("meta", name=name), *self.all("meta", property=name)]
        return found[0]["content"] if found else None

    def links(self) -> list[str]:
        """Return where the page's links lead, in order."""
        return [named["href"] for named in self.all("a") if "href" in named]
