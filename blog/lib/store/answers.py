"""A finished answer: the page as it goes over the wire, in every form, each made once."""

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import brotli
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from blog.lib.edition import Reading

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Headers = list[tuple[str, str]]

ENCODINGS = ("br", "gzip")
"""Of two that a reader likes as much, the first."""
BROTLI_QUALITY = 5
"""Smaller than gzip's best in about the same time (0.7 ms for an article); 11 saves 13 % more in 40 ms."""
GZIP_LEVEL = 4
"""3 % larger than 6 for a quarter of its time less; whoever can, takes Brotli."""
AROUND = 4096
"""Bytes that an answer takes beside its bodies: the headers of all forms and what holds them together (measured)."""
_WORTH_COMPRESSING = 512
_LONGEST_REMEMBERED, _LONGEST_ACCEPT = 256, 4096
"""Letters of an Accept-Encoding: to read hundreds of thousands takes as long as to make many pages."""
_TEXT = re.compile(r"text/.+|.+[/+](?:json|xml|javascript)")
"""Media types that are text, feeds among them: worth compressing."""
_OF_THE_BODY = ("content-length", "content-type", "content-encoding")


class Form(NamedTuple):
    """One encoding of an answer: its tag, its headers, those of a 304, and its bytes."""

    tag: str
    headers: Headers
    unchanged: Headers
    body: list[bytes]


class Answer:
    """A whole answer to a GET, made of what the application said; `reading` is the edition that it shows."""

    def __init__(self, status: str, headers: Headers, body: bytes, reading: Reading | None) -> None:
        self.status = status
        self.word, self.since, self.until = reading or Reading(0, 0.0, 0.0)
        kind = next((value for name, value in headers if name.lower() == "content-type"), "")
        is_text = bool(_TEXT.fullmatch(kind.partition(";")[0].strip()))
        self._packs = is_text and len(body) >= _WORTH_COMPRESSING
        self._bare = [
            (name, value) for name, value in headers if name.lower() not in ("content-length", "vary")
        ]
        varies = _varies(headers, is_text=is_text)
        if varies:
            self._bare.append(("Vary", varies))
        self._body = body
        self._digest = hashlib.sha256(body).hexdigest()[:20]
        self._forms: dict[str, Form] = {}
        self._turn = threading.Lock()
        self.size = len(body) + AROUND
        self.charged = 0
        """How much of its size the shelf has counted."""
        self.hits = 0
        self.grown: Callable[[], None] | None = None
        """Called when one more form was made; the shelf counts its bytes."""

    @property
    def digest(self) -> str:
        """Return what tells this body from others."""
        return self._digest

    def respond(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request in the form that it accepts."""
        encoding = encoding_for(environ.get("HTTP_ACCEPT_ENCODING", "")) if self._packs else ""
        form = self._forms.get(encoding) or self.form(encoding)
        wanted = environ.get("HTTP_IF_NONE_MATCH")
        if wanted is not None and self.status == "200 OK" and _names(wanted, form.tag):
            start_response("304 NOT MODIFIED", form.unchanged)
            return []
        start_response(self.status, form.headers)
        return form.body if environ["REQUEST_METHOD"] == "GET" else []

    def form(self, encoding: str) -> Form:
        """Return the form in this encoding (`br`, `gzip`, or empty for the bytes themselves), made once."""
        with self._turn:
            if encoding in self._forms:
                return self._forms[encoding]
            made = self._made(encoding)
            self.size += len(made.body[0]) if encoding else 0
            self._forms[encoding] = made
        grown = self.grown
        if grown:
            grown()
        return made

    def _made(self, encoding: str) -> Form:
        tag = f'"{self._digest}{_SUFFIX[encoding]}"'
        body = _packed(self._body, encoding)
        unchanged = [(name, value) for name, value in self._bare if name.lower() not in _OF_THE_BODY]
        own = [("Content-Encoding", encoding)] if encoding else []
        own += [("ETag", tag), ("Content-Length", str(len(body)))]
        return Form(tag, [*self._bare, *own], [*unchanged, ("ETag", tag)], [body])


def _varies(headers: Headers, *, is_text: bool) -> str:
    """Return what the answer varies by, in one header: what the application says, and the encoding of a text."""
    said = [part.strip() for name, value in headers if name.lower() == "vary" for part in value.split(",")]
    others = [part for part in said if part and part.lower() != "accept-encoding"]
    return ", ".join([*others, "Accept-Encoding"] if is_text else others)


_SUFFIX = {"": "", "gzip": "-gz", "br": "-br"}


def _packed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=BROTLI_QUALITY)
        return packed
    if encoding == "gzip":
        return gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0)  # no time stamp: same page, same bytes
    return body


def encoding_for(accepted: str) -> str:
    """Return the best form for an Accept-Encoding header: `br`, `gzip`, or empty."""
    if len(accepted) > _LONGEST_ACCEPT:
        return ""
    return _remembered_encoding(accepted) if len(accepted) <= _LONGEST_REMEMBERED else _encoding(accepted)


def _encoding(accepted: str) -> str:
    qualities = parse_accept_header(accepted, Accept)
    best = max(ENCODINGS, key=lambda encoding: qualities[encoding])
    return best if qualities[best] > 0 else ""


_remembered_encoding = lru_cache(maxsize=512)(_encoding)


def _names(wanted: str, tag: str) -> bool:
    """Tell whether an If-None-Match header names the tag, compared weakly as RFC 9110 asks."""
    if wanted == tag:
        return True
    return any(part.strip().removeprefix("W/") in (tag, "*") for part in wanted.split(","))
