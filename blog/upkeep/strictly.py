"""A message read strictly, as the standards say it and no more kindly: a second reader beside what wrote it.

RFC 5322 for lines and fields, RFC 2047 for words in them, RFC 2045 and 2046 for parts. It shares no code with
the writer, so that a mistake there is not repeated here.
"""

import re
from base64 import b64decode
from dataclasses import dataclass, field

LONGEST_LINE = 998
LONGEST_ENCODED_LINE = 76
LONGEST_ENCODED_WORD = 75
LONGEST_BOUNDARY = 70

_FIELD = re.compile(r"([!-9;-~]+):[ \t](.*)", re.DOTALL)
_ENCODED_WORD = re.compile(r"=\?([!-~]+?)\?([bBqQ])\?([!->@-~]*)\?=")
_BOUNDARY = r"[0-9A-Za-z'()+_,./:=? -]*[0-9A-Za-z'()+_,./:=?-]"
_QUOTED = re.compile(rb"(?:[!-<>-~ \t]|=[0-9A-F]{2})*=?")
_TYPE = re.compile(
    r'([a-z]+/[a-z]+)(?:; charset=(?:"?)([a-z0-9-]+)(?:"?))?(?:; boundary="([^"]+)")?', re.IGNORECASE
)


@dataclass
class Read:
    """A message as it was read, and everything in it that the standards do not allow."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    """Names as they stand, values unfolded, encoded words decoded."""
    raw: dict[str, str] = field(default_factory=dict)
    """Values by names in lower case, as they stand."""
    parts: list[tuple[str, str]] = field(default_factory=list)
    """Media types and texts."""
    faults: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """Return the decoded value of a field, or nothing."""
        return next((value for known, value in self.fields if known.lower() == name), "")

    def part(self, kind: str) -> str:
        """Return the text of the part of this type, or nothing."""
        return next((text for known, text in self.parts if known == kind), "")


def read_strictly(message: bytes) -> Read:
    """Read a message of two alternatives; what is wrong with it is in `faults`, and nothing raises."""
    read = Read()
    _lines(message, read.faults)
    head, end, body = message.partition(b"\r\n\r\n")
    if not end:
        read.faults.append("No empty line ends the header.")
    _header(head.decode("ascii", "replace"), read)
    _alternatives(body, read)
    return read


def _lines(message: bytes, faults: list[str]) -> None:
    if message.replace(b"\r\n", b"").translate(None, bytes(set(range(256)) - {10, 13})):
        faults.append("A line ends in less than CRLF.")
    if not message.isascii():
        faults.append("A byte is beyond ASCII.")
    if b"\0" in message:
        faults.append("There is a NUL byte.")
    longest = max(map(len, message.split(b"\r\n")))
    if longest > LONGEST_LINE:
        faults.append(f"A line has {longest} bytes, at most {LONGEST_LINE} are allowed.")
    if not message.endswith(b"\r\n"):
        faults.append("The last line has no end.")


def _header(head: str, read: Read) -> None:
    for entry in re.split(r"\r\n(?![ \t])", head):
        found = _FIELD.fullmatch(entry)
        if not found:
            read.faults.append(f"“{entry[:40]}” is no header field.")
            continue
        name, folded = found[1], found[2]
        if any(not line.strip() for line in folded.split("\r\n")):
            read.faults.append(f"{name} is empty, or has an empty line in it.")
        value = folded.replace("\r\n", "")
        if name.lower() in read.raw:
            read.faults.append(f"{name} stands there twice.")
        read.raw[name.lower()] = value
        read.fields.append((name, _decoded(name, value, read.faults)))


def _decoded(name: str, value: str, faults: list[str]) -> str:
    """Return a value with its encoded words decoded, white space between two of them left out."""
    words = [word.strip('()"') for word in re.findall(r"\S*=\?\S*", value)]
    if any(not _ENCODED_WORD.fullmatch(word) or len(word) > LONGEST_ENCODED_WORD for word in words):
        faults.append(f"{name} holds an encoded word that is none.")
    joined = re.sub(r"\?=[ \t]+(?==\?)", "?=", value)
    return _ENCODED_WORD.sub(lambda found: _word(name, found, faults), joined)


def _word(name: str, found: re.Match[str], faults: list[str]) -> str:
    charset, how, text = found[1].lower(), found[2].lower(), found[3]
    try:
        if how == "b":
            raw = b64decode(text, validate=True)
        else:
            hexed = re.sub(r"=([0-9A-Fa-f]{2})", r"%\1", text.replace("%", "=25").replace("_", "=20"))
            raw = _percent(hexed)
        return raw.decode(charset)
    except (ValueError, LookupError):
        faults.append(f"{name} holds an encoded word that cannot be decoded.")
        return found[0]


def _percent(text: str) -> bytes:
    pieces = re.split(r"%([0-9A-Fa-f]{2})", text)
    return b"".join(
        bytes.fromhex(piece) if place % 2 else piece.encode("ascii") for place, piece in enumerate(pieces)
    )


def _alternatives(body: bytes, read: Read) -> None:
    found = _TYPE.fullmatch(read.raw.get("content-type", ""))
    if not found or found[1].lower() != "multipart/alternative" or not found[3]:
        read.faults.append("It is not made of alternatives with a boundary.")
        return
    boundary = found[3]
    if len(boundary) > LONGEST_BOUNDARY or not re.fullmatch(
        r"[0-9A-Za-z'()+_,./:=? -]*[0-9A-Za-z'()+_,./:=?-]", boundary
    ):
        read.faults.append("The boundary is none that the standard allows.")
    mark = b"\r\n--" + boundary.encode("ascii", "replace")
    before, *pieces = (b"\r\n" + body).split(mark)
    if before.strip() or not pieces or pieces[-1] != b"--\r\n":
        read.faults.append("The parts do not begin and end at the boundary.")
    for piece in pieces[:-1]:
        _part(piece, read)


def _part(piece: bytes, read: Read) -> None:
    if not piece.startswith(b"\r\n"):
        read.faults.append("Something follows a boundary on its line.")
    head, _, body = piece.removeprefix(b"\r\n").partition(b"\r\n\r\n")
    inner = Read(faults=read.faults)
    _header(head.decode("ascii", "replace"), inner)
    kind = _TYPE.fullmatch(inner.raw.get("content-type", ""))
    if not kind or (kind[2] or "").lower() != "utf-8":
        read.faults.append("A part does not say that it is UTF-8.")
    if inner.raw.get("content-transfer-encoding", "").lower() != "quoted-printable":
        read.faults.append("A part does not say that it is quoted-printable.")
    read.parts.append((kind[1].lower() if kind else "", _unquoted(body, read.faults)))


def _unquoted(body: bytes, faults: list[str]) -> str:
    lines = body.split(b"\r\n")
    if any(len(line) > LONGEST_ENCODED_LINE for line in lines):
        faults.append(f"A line of a part has more than {LONGEST_ENCODED_LINE} bytes.")
    if any(not _QUOTED.fullmatch(line) or line.endswith((b" ", b"\t")) for line in lines):
        faults.append("A line of a part is not quoted-printable.")
    joined = b"\r\n".join(lines).replace(b"=\r\n", b"")
    raw = re.sub(rb"=([0-9A-F]{2})", lambda found: bytes.fromhex(found[1].decode()), joined)
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError:
        faults.append("A part is not UTF-8.")
        return raw.decode("utf-8", "replace")
