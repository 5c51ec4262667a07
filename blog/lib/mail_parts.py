"""Mail as bytes, taken apart without trust: whatever comes in, something bounded comes out, and nothing raises.

The standard library's parser recurses once per level of nesting and compares every line with every boundary
that is open, so a hostile message of a megabyte ends it. This one knows only what reports of mail need.
"""

import re
from base64 import b64decode
from binascii import a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass

DEEPEST = 6
"""Levels of parts inside parts; what is deeper stays unread."""
MOST_PARTS = 60
"""Parts of one level that are read."""
MOST_HEADERS = 400
LONGEST_VALUE = 4_000

_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n|\Z")
_NAME = re.compile(r"([!-9;-~]{1,100})[ \t]*:[ \t]*")


@dataclass(frozen=True)
class Part:
    """One part of a message, or a whole one: its header fields in their order, and what follows them."""

    fields: tuple[tuple[str, str], ...]
    """Names in lower case, values unfolded."""
    body: bytes

    def all(self, name: str) -> list[str]:
        """Return the values of every field with this name, as they stand."""
        return [value for known, value in self.fields if known == name]

    def first(self, name: str) -> str:
        """Return the value of the first field with this name, or nothing."""
        return next(iter(self.all(name)), "")

    @property
    def kind(self) -> str:
        """Return the media type in lower case; what says none is text/plain."""
        kind = self.first("content-type").partition(";")[0].strip().lower()
        return kind if "/" in kind else "text/plain"

    @property
    def content(self) -> bytes:
        """Return the body without its transfer encoding; as it is where that is broken."""
        encoding = self.first("content-transfer-encoding").strip().lower()
        if encoding == "quoted-printable":
            return a2b_qp(self.body)
        if encoding == "base64":
            try:
                return b64decode(self.body)
            except ValueError:
                return self.body
        return self.body

    @property
    def text(self) -> str:
        """Return the content as text, bytes that are none replaced."""
        return self.content.decode("utf-8", "replace")


def part_from(raw: bytes) -> Part:
    """Take a message or a part apart; a line `From ` that mailboxes put before it is left out."""
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    if raw.startswith((b"\r\n", b"\n")):
        return Part((), raw.lstrip(b"\r\n"))
    end = _END_OF_HEADERS.search(raw)
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    return Part(tuple(fields_in(head.decode("utf-8", "replace"))), body)


def fields_in(head: str) -> list[tuple[str, str]]:
    """Return the fields of a block of header lines; lines that are none are passed over."""
    found: list[tuple[str, list[str]]] = []
    for line in head.split("\n")[: MOST_HEADERS * 4]:
        named = _NAME.match(line)
        if line[:1] in (" ", "\t"):
            if found:
                found[-1][1].append(line.strip())
        elif named and len(found) < MOST_HEADERS:
            found.append((named[1].lower(), [line[named.end() :].strip()]))
    return [(name, " ".join(lines)[:LONGEST_VALUE].strip()) for name, lines in found]


def parameter(value: str, name: str) -> str:
    """Return a parameter of a field such as Content-Type, or nothing."""
    pattern = rf';\s*{re.escape(name)}\s*=\s*(?:"([^"]*)"|([^\s;"]+))'
    found = re.search(pattern, value, re.IGNORECASE)
    return (found[1] or found[2] or "") if found else ""


def parts_of(part: Part) -> list[Part]:
    """Return the parts directly inside a multipart; an end that is missing ends with the message."""
    boundary = parameter(part.first("content-type"), "boundary").rstrip()
    if not part.kind.startswith("multipart/") or not boundary or len(boundary) > 200:
        return []
    mark = re.escape(boundary.encode("utf-8", "replace"))
    pieces = re.split(rb"(?:\A|\r?\n)--" + mark + rb"(--)?[ \t]*(?=\r?\n|\Z)", part.body, maxsplit=MOST_PARTS)
    found = []
    for last, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        if last:
            break
        found.append(part_from(re.sub(rb"\A\r?\n", b"", piece, count=1)))
    return found


def walk(part: Part, depth: int = 0) -> Iterator[Part]:
    """Yield the part and all parts of its multiparts, outermost first; messages inside are not opened."""
    yield part
    if depth < DEEPEST:
        for inner in parts_of(part):
            yield from walk(inner, depth + 1)
