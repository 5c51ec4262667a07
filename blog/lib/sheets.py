"""Front matter fields as typed, tidy values; what is wrong is noted with its line and reading goes on."""

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from .frontmatter import Entries, Fields, RefusedAt, Scalar, Value, tidy_text
from .refusing import Refused
from .slugs import checked_slug, slug_from

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ]+(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)\s*(Z|z|[+-]\d{2}(?::?\d{2})?)?"
)
_YEARS = range(1000, 2201)
_NAME = 120
_FIELD_SHOWN = 60
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs by the book that show nothing: fillers of Hangul, an empty cell of braille."""


@dataclass(frozen=True)
class Named:
    """A category, tag or person as it is named somewhere; the same slug is the same thing."""

    slug: str
    name: str = field(compare=False)


def tidy_line(text: str) -> str:
    """Return a text in the form of one line: NFC, inner line ends and runs of spaces as one space."""
    return unicodedata.normalize("NFC", re.sub(r"[ \t\n\u2028\u2029]+", " ", text).strip(" "))


def shows(text: str) -> bool:
    """Tell whether a reader would see anything of this text."""
    return any(unicodedata.category(char)[0] in "LNPS" and char not in _BLANK_LETTERS for char in text)


class Sheet:
    """The fields of one file, or of one entry of a list, being read."""

    def __init__(
        self, fields: Fields, known: Collection[str], zone: ZoneInfo, problems: list[RefusedAt]
    ) -> None:
        self.fields = fields
        self._zone = zone
        self._problems = problems
        for name, line in fields.lines.items():
            if name not in known:
                self.note(line, f"There is no field “{name[:_FIELD_SHOWN]}”; known are {', '.join(known)}.")

    def note(self, line: int, reason: str) -> None:
        """Note what is wrong at a line."""
        self._problems.append(RefusedAt(line, reason))

    def line(self, name: str) -> int:
        """Return the line of a field, or that of the whole where it is absent."""
        return self.fields.lines.get(name, self.fields.line)

    def __contains__(self, name: str) -> bool:
        value = self.fields.named.get(name)
        return value is not None and not (isinstance(value, Scalar) and value.is_nothing)

    def _scalar(self, name: str) -> str:
        value = self.fields.named.get(name)
        if value is None:
            return ""
        if not isinstance(value, Scalar):
            self.note(self.line(name), f"The field “{name}” must be a text, not a list.")
            return ""
        return "" if value.is_nothing else value.text

    def text(self, name: str, most: int | None = None, *, needed: bool = False) -> str:
        """Read a text of one line, at most so many characters long."""
        found = tidy_line(self._scalar(name))
        if needed and not shows(found) and not isinstance(self.fields.named.get(name), Entries | Fields):
            self.note(self.line(name), f"The {name} is missing.")
        if most is not None and len(found) > most:
            self.note(self.line(name), f"The {name} has {len(found)} characters; at most {most} are allowed.")
        return found

    def block(self, name: str) -> str:
        """Read a text of several lines."""
        return tidy_text(self._scalar(name))

    def slug(self, name: str, *, needed: bool = False) -> str:
        """Read a slug that a person wrote; empty where there is none."""
        typed = self._scalar(name)
        if needed and not typed.strip() and not isinstance(self.fields.named.get(name), Entries | Fields):
            self.note(self.line(name), f"“{name}” needs a slug.")
        try:
            return checked_slug(typed) if typed.strip() else ""
        except Refused as refused:
            self.note(self.line(name), str(refused))
            return ""

    def entries(self, name: str) -> list[Value]:
        """Read a list; a single text counts as a list of one."""
        value = self.fields.named.get(name)
        if isinstance(value, Entries):
            return [entry for entry in value.entries if not (isinstance(entry, Scalar) and entry.is_nothing)]
        if isinstance(value, Fields):
            self.note(self.line(name), f"The field “{name}” must be a list.")
        elif value is not None and name in self:
            return [value]
        return []

    def texts(self, name: str) -> list[tuple[str, int]]:
        """Read a list of one-line texts, each with its line."""
        found = []
        for entry in self.entries(name):
            if isinstance(entry, Scalar):
                found.append((tidy_line(entry.text), entry.line))
            else:
                self.note(entry.line, f"An entry of “{name}” must be a text.")
        return [(text, line) for text, line in found if text]

    def sheets(self, name: str, known: Collection[str]) -> list["Sheet"]:
        """Read a list of entries that have fields of their own."""
        found = []
        for entry in self.entries(name):
            if isinstance(entry, Fields):
                found.append(Sheet(entry, known, self._zone, self._problems))
            else:
                self.note(entry.line, f"An entry of “{name}” must have fields: {', '.join(known)}.")
        return found

    def named(self, name: str) -> tuple[Named, ...]:
        """Read a list of names, each once, in order."""
        found: dict[str, Named] = {}
        for text, line in self.texts(name):
            slug = slug_from(text)
            if not slug or len(text) > _NAME:
                self.note(
                    line, f"“{text[:40]}” is no name: write letters or digits, at most {_NAME} characters."
                )
            else:
                found.setdefault(slug, Named(slug, text))
        return tuple(found.values())

    def one_named(self, name: str) -> Named | None:
        """Read one name."""
        found = self.named(name)
        if len(found) > 1:
            self.note(self.line(name), f"There can be only one {name}.")
        return found[0] if found else None

    def moment(self, name: str) -> dt.datetime | None:
        """Read a moment; a date alone is its midnight in the site's zone, as is a time without a zone."""
        written = self._scalar(name).strip()
        if not written:
            return None
        try:
            return _moment(written, self._zone)
        except ValueError:
            self._bad_date(name, written)
            return None

    def day(self, name: str) -> dt.date | None:
        """Read a date; of a moment, the day it has in the site's zone."""
        written = self._scalar(name).strip()
        if not written:
            return None
        try:
            if _DAY.fullmatch(written):
                return _day(written)
            return _known(_moment(written, self._zone).astimezone(self._zone)).date()
        except ValueError:
            self._bad_date(name, written)
            return None

    def _bad_date(self, name: str, written: str) -> None:
        self.note(
            self.line(name),
            f"The {name} “{written[:40]}” is not a date; write 2025-02-07 or 2025-02-07T09:00:00+00:00.",
        )

    def web_address(self, name: str, *, mail: bool = False) -> str:
        """Read an address that starts with https:// or http:// (or mailto:, where mail is allowed)."""
        written = self._scalar(name).strip()
        if written and not is_web_address(written, mail=mail):
            kinds = "https://, http:// or mailto:" if mail else "https:// or http://"
            self.note(
                self.line(name), f"The {name} “{written[:60]}” is not an address; it starts with {kinds}."
            )
        return unicodedata.normalize("NFC", written)


def _day(written: str) -> dt.date:
    found = _DAY.fullmatch(written)
    if found is None:
        raise ValueError
    year, month, day = (int(part) for part in found.groups())
    if year not in _YEARS:
        raise ValueError
    return dt.date(year, month, day)


def _moment(written: str, zone: ZoneInfo) -> dt.datetime:
    if _DAY.fullmatch(written):
        return _known(dt.datetime.combine(_day(written), dt.time(), zone).astimezone(dt.UTC))
    found = _MOMENT.fullmatch(written)
    if found is None:
        raise ValueError
    _day(found[1])  # knows which years there are
    offset = (found[3] or "").upper()
    moment = dt.datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}")
    return _known((moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(dt.UTC))


def _known(moment: dt.datetime) -> dt.datetime:
    """Return a moment whose year can be written and read again; another zone may have moved it out."""
    if moment.year not in _YEARS:
        raise ValueError
    return moment


def is_web_address(written: str, *, mail: bool = False) -> bool:
    """Tell whether this is an address on the web (or of mail) that can stand in a link."""
    if re.search(r"[\s<>\"\\]", written) or len(written) > 2000:
        return False
    try:
        parts = urlsplit(written)
    except ValueError:
        return False
    if mail and parts.scheme == "mailto":
        return "@" in parts.path
    return parts.scheme in ("http", "https") and bool(parts.hostname)
