"""What a browser would make of rendered Markdown, and whether all of it is listed."""

import re
from html.parser import HTMLParser

from blog.lib.markdown import Picture, Source
from blog.lib.markdown.cleaning import ATTRIBUTES, CLASSES, VALUES

PREFIX = "text-"
VOID = {"br", "hr", "img", "source"}
HARMLESS = re.compile(r"(?:https?|mailto|tel):|[^:]*(?:[/?#]|$)", re.IGNORECASE)


class Listener(HTMLParser):
    """Reads HTML as a browser would and complains about everything that is not listed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ATTRIBUTES, tag
        if tag not in VOID:
            self.open.append(tag)
        assert len(attrs) == len(dict(attrs))
        for name, value in attrs:
            assert name in ATTRIBUTES[tag], (tag, name)
            assert value is not None
            self.check(tag, name, value)

    def check(self, tag: str, name: str, value: str) -> None:
        if name in VALUES:
            assert VALUES[name].fullmatch(value), (name, value)
        if name == "href":
            # Browsers drop controls before and tabs and newlines anywhere in an address.
            assert HARMLESS.match(re.sub(r"[\x00-\x20]", "", value)), value
        if name == "class":
            for part in value.split():
                assert part in CLASSES.get(tag, ()) or part.startswith("language-"), (tag, part)
        if name == "id":
            assert value.startswith(PREFIX)
            self.ids.append(value)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)


def listen(html: str) -> Listener:
    listener = Listener()
    listener.feed(html)
    listener.close()
    assert listener.open == []
    assert len(listener.ids) == len(set(listener.ids)), listener.ids
    return listener


def picture(src: str) -> Picture | None:
    if not src.endswith(".jpg"):
        return None
    return Picture("/media/a.jpg", 10, 10, (Source("image/webp", "/media/a.webp 10w"),), "/media/a.jpg 10w")
