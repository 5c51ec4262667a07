"""A Markdown file with YAML front matter, taken apart; every value knows its line."""

import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from .refusing import Refused

_DEEPEST = 8
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What people get wrong most, in words that help.
_REASONS = {
    "did not find expected <document start>": "The front matter must be one plain YAML document.",
    "mapping values are not allowed in this context": "A value that holds “: ” needs quotes around it.",
    "found character that cannot start any token": "A value that begins with this character needs quotes; "
    "lines are indented with spaces, not tabs.",
}


class RefusedAt(Refused):
    """A refusal that knows the line it is about."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class Scalar:
    """A single value as it was written; `plain` means without quotes, so that it may mean "nothing"."""

    text: str
    line: int
    plain: bool = True

    @property
    def is_nothing(self) -> bool:
        """Tell whether it stands for the absence of a value."""
        return not self.text or (self.plain and self.text in ("~", "null", "Null", "NULL"))


@dataclass(frozen=True)
class Entries:
    """A list."""

    entries: tuple["Value", ...]
    line: int


@dataclass(frozen=True)
class Fields:
    """Named values, in the order of the file."""

    named: dict[str, "Value"]
    lines: dict[str, int]
    line: int


Value = Scalar | Entries | Fields


@dataclass(frozen=True)
class Document:
    """A file taken apart: its front matter, its body, and the line at which the body begins."""

    fields: Fields
    body: str
    body_line: int


def take_apart(data: bytes) -> Document:
    """Read a file's bytes; raises RefusedAt where they are no UTF-8 Markdown with YAML front matter."""
    text = _decoded(data)
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise RefusedAt(1, "The file does not begin with front matter; its first line must be ---.")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise RefusedAt(1, "The front matter has no end; close it with a line that is ---.")
    fields = read_yaml("\n".join(lines[1:end]), first_line=2)
    body = "\n".join(lines[end + 1 :])
    blank = len(body) - len(re.sub(r"\A(?:[ \t]*\n)+", "", body))
    return Document(fields, tidy_text(body), end + 2 + body[:blank].count("\n"))


def tidy_text(text: str) -> str:
    """Return a text of several lines in the form it is kept in: NFC, no blank line before or after it."""
    return unicodedata.normalize("NFC", re.sub(r"\A(?:[ \t]*\n)+", "", text).rstrip(" \t\n"))


def _decoded(data: bytes) -> str:
    raw = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise RefusedAt(line, "This is not UTF-8; save the file in that encoding.") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := _CONTROL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise RefusedAt(line, f"There is a control character (U+{ord(found[0]):04X}); remove it.")
    return text


def read_yaml(text: str, *, first_line: int) -> Fields:
    """Read YAML that names fields; `first_line` is the line of the file where it begins.

    Values stay text, so that no version number, DOI or "no" turns into something else. Refuses what front
    matter has no use for: anchors, tags of its own, fields named twice, nesting without end.
    """
    reader = _Reader(first_line)
    try:
        value = reader.read(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = first_line + (mark.line if mark else 0)
        reason = _REASONS.get(
            str(error.problem), f"The YAML cannot be read: {error.problem or error.context}."
        )
        raise RefusedAt(line, reason) from None
    except yaml.YAMLError as error:
        raise RefusedAt(first_line, f"The YAML cannot be read: {str(error).splitlines()[0]}.") from None
    if isinstance(value, Scalar) and value.is_nothing:
        return Fields({}, {}, first_line)
    if not isinstance(value, Fields):
        raise RefusedAt(first_line, "The front matter must name its fields, for example “title: Sleep”.")
    return value


class _Reader:
    """Builds values from the events of the YAML parser."""

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line

    def read(self, events: Iterator[yaml.Event]) -> Value:
        value: Value = Scalar("", self._first_line)
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1 or event.tags:
                    raise RefusedAt(self._line(event), "The front matter must be one plain YAML document.")
                value = self._value(next(events), events, 0)
        return value

    def _line(self, event: yaml.Event) -> int:
        return self._first_line + (event.start_mark.line if event.start_mark else 0)

    def _value(self, event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Value:
        line = self._line(event)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise RefusedAt(line, "Anchors and aliases (& and *) are not used here; put the text in quotes.")
        if getattr(event, "tag", None) is not None:
            raise RefusedAt(line, "YAML tags (!) are not used here; put the text in quotes.")
        if depth > _DEEPEST:
            raise RefusedAt(line, "The front matter is nested too deeply.")
        if isinstance(event, yaml.ScalarEvent):
            if _CONTROL.search(event.value) or _SURROGATE.search(event.value):
                raise RefusedAt(line, "There is a control character behind a backslash; remove it.")
            return Scalar(event.value, line, plain=not event.style)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._entries(line, events, depth)
        return self._fields(line, events, depth)

    def _entries(self, line: int, events: Iterator[yaml.Event], depth: int) -> Entries:
        entries = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            entries.append(self._value(event, events, depth + 1))
        return Entries(tuple(entries), line)

    def _fields(self, line: int, events: Iterator[yaml.Event], depth: int) -> Fields:
        named: dict[str, Value] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._value(event, events, depth + 1)
            if not isinstance(key, Scalar):
                raise RefusedAt(key.line, "A field's name must be plain text.")
            if key.text in named:
                raise RefusedAt(key.line, f"The field “{key.text[:60]}” is there twice.")
            lines[key.text] = key.line
            named[key.text] = self._value(next(events), events, depth + 1)
        return Fields(named, lines, line)
