"""A second reader of messages, written from the standards and not from our code; it accepts nothing lazily."""

import re
from base64 import b64decode
from quopri import decodestring

_FIELD = re.compile(rb"([!-9;-~]+): ?(.*)", re.DOTALL)
_WORD = re.compile(r"=\?utf-8\?([qb])\?([!-~]*?)\?=", re.IGNORECASE)
_BOUNDARY = re.compile(r'multipart/alternative; boundary="([^"]+)"')


class Read:
    """One message, read: its headers as (name, value), unfolded and decoded; its two parts."""

    def __init__(self, message: bytes) -> None:
        assert message.endswith(b"\r\n")
        assert message.replace(b"\r\n", b"").translate(None, b"\r\n\0") == message.replace(b"\r\n", b"")
        assert max(map(len, message.split(b"\r\n"))) <= 998
        head, body = message.split(b"\r\n\r\n", 1)
        self.raw = [_field(line) for line in re.split(rb"\r\n(?![ \t])", head)]
        self.headers = [(name, decoded(value)) for name, value in self.raw]
        names = [name.lower() for name, _ in self.raw]
        assert len(names) == len(set(names))
        found = _BOUNDARY.fullmatch(self["Content-Type"])
        assert found
        first, plain, html, last = body.split(b"--" + found[1].encode())
        assert (first, last) == (b"", b"--\r\n")
        self.text, self.html = _part(plain, "plain"), _part(html, "html")

    def __getitem__(self, name: str) -> str:
        return dict(self.headers)[name]

    @property
    def names(self) -> list[str]:
        """Return the names of the headers, in order."""
        return [name for name, _ in self.headers]


def decoded(value: str) -> str:
    """Return a header's value with its encoded words read (RFC 2047): the space between two of them is none."""
    joined = re.sub(r"(\?=)\s+(?==\?utf-8\?)", r"\1", value)
    return _WORD.sub(lambda word: _decoded_word(*word.groups()), joined)


def _decoded_word(kind: str, coded: str) -> str:
    if kind.lower() == "b":
        return b64decode(coded, validate=True).decode()
    return decodestring(coded.replace("_", " ").encode()).decode()


def _field(line: bytes) -> tuple[str, str]:
    found = _FIELD.fullmatch(line)
    assert found, line
    value = re.sub(rb"\r\n(?=[ \t])", b"", found[2])
    assert b"\r" not in value
    assert b"\n" not in value
    return found[1].decode("ascii"), value.decode()


def _part(part: bytes, kind: str) -> str:
    head, body = part.split(b"\r\n\r\n", 1)
    assert head.removeprefix(b"\r\n").split(b"\r\n") == [
        b"Content-Type: text/%s; charset=utf-8" % kind.encode(),
        b"Content-Transfer-Encoding: quoted-printable",
    ]
    body = body.removesuffix(b"\r\n")
    assert body.isascii()
    assert max(map(len, body.split(b"\r\n"))) <= 76
    assert not re.search(rb"[ \t]\r\n|=(?!\r\n|[0-9A-F]{2})", body)
    return decodestring(body).decode().replace("\r\n", "\n")
