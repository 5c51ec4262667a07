"""A German journal whose own words are known, and what of a page is neither those nor a German word of ours."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from babel.messages.pofile import read_po

from blog.content.models import Article, Correction, Reference
from blog.lib.db import write
from blog.lib.words import TRANSLATIONS
from blog.settings.declaring import choose

from .building import PAST, article, category, page, person, question
from .journal import picture

BODY = """## Erster Abschnitt

> [!NOTE]
> Hinweistext

> [!TIP]
> Tipptext

> [!IMPORTANT]
> Wichtigtext

> [!WARNING]
> Warntext

> [!CAUTION]
> Vorsichttext

> [!URGENT]
> Dringendtext

> [!EMERGENCY]
> Notfalltext

## Zweiter Abschnitt

Fließtext[^1]

- [ ] Aufgabe
- [x] Aufgabe

| Kopfzelle |
|---|
| Tabellenzelle |

## Dritter Abschnitt

Schlusstext

[^1]: Fußnotentext
"""

OWN = {
    *("Schlafblatt", "Untertitel", "Seitenfuß", "Klinikname", "Seitenbeschreibung", "Schlaf", "Merken"),
    *("Anna Muster", "Dr. med.", "Redaktion", "Lebenslauf", "Bert Muster", "Prof.", "Eigene Adresse"),
    *("Schlaf und Gedächtnis", "Vorspann", "Kurztext", "Bildtext", "Wie viel Schlaf reicht?"),
    *("Wie buche ich?", "Am Telefon.", "Wie lange?", "Kurz.", "Impressum", "Seitentext", "Geldquellen"),
    *(
        "Handarbeit",
        "Berichtigt",
        "Muster A. Studie.",
        "Studie",
        "Hirnblatt",
        "2020.",
        "doi:10.1/x",
        "PMID 7",
    ),
    *("Hinweistext", "Tipptext", "Wichtigtext", "Warntext", "Vorsichttext", "Dringendtext", "Notfalltext"),
    *("Erster Abschnitt", "Zweiter Abschnitt", "Dritter Abschnitt", "Fließtext", "Aufgabe", "Kopfzelle"),
    *("Tabellenzelle", "Schlusstext", "Fußnotentext", "ORCID 0000-0002-1825-0097", "Sieben Stunden."),
    *(f"Artikel Nummer {number}" for number in range(1, 26)),
}
"""Every text that the journal's own people wrote."""
DATES = {"7. Februar 2025", "8. Februar 2025", "20. Februar 2025", "8. Februar 2026", "1. März 2025"}

SETTINGS = {
    "site.language": "de",
    "site.title": "Schlafblatt",
    "site.tagline": "Untertitel",
    "site.description": "Seitenbeschreibung",
    "site.publisher": "Klinikname",
    "site.notice": "Seitenfuß",
}


def publish_german_journal() -> None:
    """Write one of everything that a page may show."""
    with write():
        for key, value in SETTINGS.items():
            choose(key, value)
    anna = person("Anna Muster", credentials="Dr. med.", role="Redaktion", orcid="0000-0002-1825-0097")
    anna.links = [{"title": "Eigene Adresse", "url": "https://example.com/anna"}]
    bert, sleep = person("Bert Muster", credentials="Prof."), category("Schlaf")
    shared: dict[str, Any] = {"authors": [anna], "reviewers": [bert], "category": sleep}
    whole = _whole(**shared)
    older = [
        article(f"Artikel Nummer {number}", published_at=PAST - dt.timedelta(minutes=number), **shared)
        for number in range(1, 26)
    ]
    alone: dict[str, Any] = {"stands_alone": True, "published_at": PAST}
    lonely = question("Wie buche ich?", "Am Telefon.", **alone)
    placed = question("Wie lange?", "Kurz.", category=sleep, **alone)
    with write() as session:
        whole.cover, anna.photo = picture("schlaf.png"), picture("anna.png")
        session.add_all([whole, *older, lonely, placed, page("Impressum", "Seitentext")])


def _whole(**shared: Any) -> Article:
    """Return an article with everything that an article can have."""
    source = Reference(position=0, title="Studie", authors="Muster A", source="Hirnblatt", year=2020)
    source.doi, source.pmid = "10.1/x", "7"
    return article(
        "Schlaf und Gedächtnis", **shared, body=BODY, tags=["Merken"], summary="Vorspann", tldr="Kurztext",
        cover_alt="Bildtext", disclosure="Geldquellen", making="Handarbeit", references=[source],
        updated_at=PAST + dt.timedelta(days=1), reviewed_on=dt.date(2025, 2, 20),
        next_review_on=dt.date(2026, 2, 8), questions=[question("Wie viel Schlaf reicht?", "Sieben Stunden.")],
        corrections=[Correction(position=0, date=dt.date(2025, 3, 1), note="Berichtigt")],
    )  # fmt: skip


def foreign(markup: str) -> list[str]:
    """Return the texts of a page, seen or read aloud, that are neither the journal's own nor German of ours."""
    return [text for text in _texts(markup) if not _is_known(text)]


def _texts(markup: str) -> Iterator[str]:
    found = _Texts(markup)
    yield from found.texts
    for script in found.linked_data:
        yield from _named(json.loads(script))


class _Texts(HTMLParser):
    """Every text of a page by itself: between tags, and in attributes that are shown or read aloud."""

    SPOKEN = ("alt", "aria-label", "placeholder", "title")
    METAS = ("description", "og:title", "og:description", "og:site_name", "og:image:alt")

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.linked_data: list[str] = []
        self._script = False
        self.feed(re.sub("</?mark>", "", markup))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._script = tag == "script"
        self.texts += [
            value
            for name, value in given.items()
            if name in self.SPOKEN or (name.startswith("data-") and " " in value)
        ]
        if given.get("name", given.get("property")) in self.METAS:
            self.texts.append(given["content"])

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        (self.linked_data if self._script else self.texts).append(data)


def _named(thing: Any) -> Iterator[str]:
    """Yield what linked data says in words."""
    if isinstance(thing, list):
        for part in thing:
            yield from _named(part)
    elif isinstance(thing, dict):
        for key, value in thing.items():
            worded = key in ("name", "headline", "description", "text", "jobTitle") and isinstance(value, str)
            yield from [value] if worded else _named(value)


def _is_known(text: str) -> bool:
    text = " ".join(text.split())
    if not re.search(r"[^\W\d_]", text) or text in OWN | DATES or _GERMAN.fullmatch(text):
        return True
    for mark in (" · ", ": ", "; ", ", "):
        first, found, rest = text.partition(mark)
        if found:
            return _is_known(first) and _is_known(rest)
    tidy = text.strip(" .:;,")
    return tidy != text and _is_known(tidy)


def _patterns() -> Iterator[str]:
    with (TRANSLATIONS / "de" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        for message in read_po(file):
            forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
            yield from (
                re.sub(r"%\\\(\w+\\\)s|%\(\w+\)s|\\{\\}", ".+", re.escape(str(form))) for form in forms
            )


_GERMAN = re.compile("|".join(pattern for pattern in _patterns() if pattern))
