"""Front matter written as a person would write it, always the same for the same values."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

Written = str | int | dt.date | Sequence["str | Entry"] | None
"""What a field can hold; what is empty is not written."""
Entry = Mapping[str, Written]

# What needs no quotes: a text that begins with a letter and holds nothing that YAML takes for its own sign.
_PLAIN = re.compile(r"[^\W\d_](?!.*(?::(?: |$)| #)).*")
_PLAIN_IN_LIST = re.compile(r"[^\W\d_][^,:?#\[\]{}]*")
_MEANT_OTHERWISE = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_UNSAFE = ("Cc", "Cs", "Zl", "Zp")
_INDENT = "  "


def print_document(fields: Entry, body: str = "") -> str:
    """Return a whole file: front matter, and below it the body."""
    front = "".join(f"{line}\n" for line in _fields(fields, ""))
    return f"---\n{front}---\n" + (f"{body}\n" if body else "")


def _fields(fields: Entry, indent: str) -> Iterable[str]:
    for name, value in fields.items():
        if isinstance(value, str | int | dt.date):
            if value != "":
                yield f"{indent}{name}: {_scalar(value, indent)}"
        elif value is not None:
            yield from _list(name, value, indent)


def _list(name: str, entries: Sequence[str | Entry], indent: str) -> Iterable[str]:
    texts = [_line(entry, _PLAIN_IN_LIST) for entry in entries if isinstance(entry, str)]
    if texts:
        yield f"{indent}{name}: [{', '.join(texts)}]"
    elif entries:
        yield f"{indent}{name}:"
        for entry in entries:
            assert not isinstance(entry, str)  # noqa: S101 (a list is of one kind)
            for number, line in enumerate(_fields(entry, indent + _INDENT * 2)):
                yield line if number else f"{indent}{_INDENT}- {line.lstrip(' ')}"


def _scalar(value: str | int | dt.date, indent: str) -> str:
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, dt.date) else str(value)
    if "\n" not in value or not all(map(_is_printable, value.replace("\n", ""))):
        return _line(value)
    inner = indent + _INDENT
    # The first line says how deep the text is indented, unless it begins with a space of its own.
    depth = str(len(_INDENT)) if value[0] in " \t" else ""
    lines = [f"{inner}{line}" if line else "" for line in value.split("\n")]
    return "\n".join([f"|{depth}", *lines])


def _line(text: str, plain: re.Pattern[str] = _PLAIN) -> str:
    harmless = "\t" not in text and text == text.strip() and all(map(_is_printable, text))
    if harmless and plain.fullmatch(text) and text.lower() not in _MEANT_OTHERWISE:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _is_printable(char):
        return char
    return f"\\u{ord(char):04x}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"


def _is_printable(char: str) -> bool:
    return char == "\t" or (
        unicodedata.category(char) not in _UNSAFE and char != "\ufeff" and ord(char) & 0xFFFE != 0xFFFE
    )
