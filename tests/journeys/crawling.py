"""Everything that the site serves, found by following every address in it, by plain HTTP without a browser."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

Attributes = dict[str, str]

ADDRESSES = {
    ("a", "href"),
    ("area", "href"),
    ("img", "src"),
    ("script", "src"),
    ("iframe", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("source", "src"),
    ("link", "href"),
    ("form", "action"),
    ("form", "hx-post"),
    ("input", "hx-get"),
}
SOURCE_SETS = {("img", "srcset"), ("source", "srcset"), ("link", "imagesrcset")}
STARTS = [
    "/",
    "/search?q=sleep",
    "/search?q=xyzzy",
    "/faq?q=coffee",
    "/newsletter/thanks",
    "/sitemap.xml",
    "/robots.txt",
    "/feed.xml",
    "/feed.json",
    "/nothing-is-here",
]
NOT_FOLLOWED = ("/newsletter/signup", "/search/results")
"""What answers a form or a script, and is no page."""


class Document(HTMLParser):
    """What a page consists of: elements with their attributes, and the text of title and headings."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes]] = []
        self.titles: list[str] = []
        self._reading = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._reading = tag == "title"
        if self._reading:
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        """Leave the title."""
        self._reading = False

    def handle_data(self, data: str) -> None:
        """Note the title's text."""
        if self._reading:
            self.titles[-1] += data

    def all(self, tag: str) -> list[Attributes]:
        """Return the attributes of every element of one kind."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def ids(self) -> list[str]:
        """Return every id, in order."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def addresses(self) -> list[tuple[str, str]]:
        """Return every address in the page with the element that has it."""
        found = []
        for tag, attributes in self.elements:
            for name, value in attributes.items():
                if (tag, name) in ADDRESSES:
                    found.append((tag, value))
                elif (tag, name) in SOURCE_SETS:
                    found += [(tag, candidate.split()[0]) for candidate in value.split(",")]
        return found


@dataclass
class Answer:
    """What the site answered to one address."""

    status: int
    kind: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def document(self) -> Document | None:
        """Return the page, if the answer is one."""
        return Document(self.text) if self.kind == "text/html" else None

    def addresses(self) -> list[tuple[str, str]]:
        """Return every address in the answer, whatever format it has."""
        if self.document:
            return self.document.addresses()
        if self.kind in ("application/xml", "application/atom+xml", "text/xml"):
            escaped = re.findall(r"(?:href|src)=(?:&quot;|&#34;|\")(.*?)(?:&quot;|&#34;|\")", self.text)
            return [("feed", found) for found in [*escaped, *re.findall(r"<loc>(.*?)</loc>", self.text)]]
        if self.kind == "application/feed+json":
            quoted = re.findall(r'(?:href|src)=\\"(.*?)\\"|"[a-z_]*url": ?"(.*?)"', self.text)
            return [("feed", first or second) for first, second in quoted]
        if self.kind == "text/markdown":
            return [("markdown", found) for found in re.findall(r"\]\(([^)\s]+)", self.text)]
        if self.kind == "text/plain":
            return [("robots", found) for found in re.findall(r"Sitemap: (\S+)", self.text)]
        return []


@dataclass
class Crawl:
    """The site as it was found: every address with its answer, and where each was named."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    named_on: dict[str, list[str]] = field(default_factory=dict)
    elsewhere: list[tuple[str, str, str]] = field(default_factory=list)
    fragments: list[tuple[str, str, str]] = field(default_factory=list)

    def run(self) -> "Crawl":
        """Follow everything to its end."""
        waiting = list(STARTS)
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        while waiting:
            address = waiting.pop()
            if address not in self.answers:
                self.answers[address] = answer = ask(connection, address)
                waiting += self._note(address, answer)
        connection.close()
        return self

    def _note(self, here: str, answer: Answer) -> list[str]:
        found = []
        for tag, value in answer.addresses():
            target, fragment = urldefrag(urljoin(self.url + here, value))
            parts = urlsplit(target)
            if not target.startswith(f"{self.url}/"):
                self.elsewhere.append((here, tag, value))
                continue
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            if fragment:
                self.fragments.append((here, address, unquote(fragment)))
            if parts.path not in NOT_FOLLOWED:
                self.named_on.setdefault(address, []).append(here)
                found.append(address)
        return found

    def pages(self) -> dict[str, Document]:
        """Return every page by its address."""
        read = ((address, answer.document) for address, answer in self.answers.items())
        return {address: document for address, document in read if document}


def ask(connection: HTTPConnection, address: str) -> Answer:
    """Ask the site, following no redirect."""
    connection.request("GET", address)
    response = connection.getresponse()
    kind = response.headers.get_content_type()
    return Answer(response.status, kind, response.getheaders(), response.read())
