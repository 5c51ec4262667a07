"""What the store and the application tell each other about one request."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode

from flask import current_app, g, request
from sqlalchemy.orm import SessionTransaction

from blog.lib.db import db
from blog.lib.edition import Reading, announcer

from .answers import Headers

SLOT = "broadsheet.slot"
LONGEST_VALUE = 200
_MOST_FIELDS = 50
_LEFT_IN = ("HTTP_HOST", "HTTP_RANGE", "HTTP_IF_RANGE", "HTTP_IF_MATCH", "HTTP_IF_NONE_MATCH")
"""Headers that a public page may look at: whole pages look at none of them, files at all."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass
class Slot:
    """Where the application leaves what the store needs to keep its answer."""

    reading: Reading | None = None
    transaction: SessionTransaction | None = None
    known: tuple[str, ...] = ()
    """Parameters that the address reads."""
    is_free: bool = False
    """Whether the reader chose the words of a parameter: there is no end to such addresses."""
    path: str = ""
    """The one way to write the address that the view saw, as a server would hand it on."""
    query: str = ""
    """The query as the view saw it."""
    body: bytes | None = None
    """The whole answer, where it may be finished and told apart by a tag."""
    language: str = ""

    is_whole: bool = False
    """Whether all was read in the transaction that began with the edition."""

    def fill(self, body: bytes, language: str) -> None:
        """Leave a whole answer for the store; called while the request's transaction is still open."""
        self.body, self.language = body, language
        self.is_whole = self.transaction is not None and db.session().get_transaction() is self.transaction


class Said:
    """What the application said of its answer: the start_response of a request that the store makes."""

    def __init__(self) -> None:
        self.status = ""
        self.headers: Headers = []

    def __call__(self, status: str, headers: Headers, _exc_info: Any = None, /) -> Callable[[bytes], object]:
        """Take down what is said."""
        self.status, self.headers = status, headers
        return _refuse_to_write

    @property
    def is_public(self) -> bool:
        """Tell whether anyone may keep the answer, and it neither sets a cookie nor looked at one."""
        said: dict[str, str] = {}
        for name, value in self.headers:  # one header may come in several lines
            said[name.lower()] = f"{said.get(name.lower(), '')},{value.lower()}"
        is_personal = "set-cookie" in said or "cookie" in said.get("vary", "") or "*" in said.get("vary", "")
        return not is_personal and "public" in said.get("cache-control", "")


def _refuse_to_write(_data: bytes) -> object:
    raise RuntimeError("The application returns its answers; it does not write them.")


def reads(*names: str, free: tuple[str, ...] = ()) -> Callable[[View], View]:
    """Declare which parameters of its address a public page reads; it never sees any other.

    Those in `free` hold whatever a reader types: their answers get a bounded share of the store.
    """

    def declare(view: View) -> View:
        view.reads = (*names, *free)  # type: ignore[attr-defined]  # a mark on the function
        view.reads_freely = free  # type: ignore[attr-defined]  # a mark on the function
        return view

    return declare


def slot_of_request() -> Slot | None:
    """Return the slot of the request, where it came through the store."""
    slot: Slot | None = request.environ.get(SLOT)
    return slot


def begin_reading() -> None:
    """Begin a reader's request for a public page.

    Its first question is which edition it sees. From here on it sees its address, the parameters that it reads,
    and nothing that differs between readers.
    """
    slot = slot_of_request()
    if slot is None:
        return
    slot.reading = g.reading = announcer().reading()
    slot.transaction = db.session().get_transaction()
    slot.path = unicodedata.normalize("NFC", request.path).encode().decode("latin-1")
    view = current_app.view_functions.get(request.endpoint or "")
    slot.known = getattr(view, "reads", ())
    if request.url_rule is not None:
        slot.query = canonical_query(request.environ.get("QUERY_STRING", ""), slot.known)
        slot.is_free = any(f"{name}=" in slot.query for name in getattr(view, "reads_freely", ()))
        request.environ["QUERY_STRING"] = slot.query
        request.query_string = slot.query.encode()
    for name in [name for name in request.environ if name.startswith("HTTP_") and name not in _LEFT_IN]:
        del request.environ[name]
    vars(request).pop("cookies", None)  # read, and remembered, when the session was opened
    # What is asked with a GET is its address: a body that came along is not part of it.
    request.environ |= {"CONTENT_TYPE": "", "CONTENT_LENGTH": "", "wsgi.input": BytesIO()}


def canonical_query(query: str, known: tuple[str, ...]) -> str:
    """Return the known parameters of a query, each once, tidied, in the order of `known`."""
    if not query or not known:
        return ""
    try:
        text = query.encode("latin-1").decode(errors="replace")
        pairs = parse_qsl(text, errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError:
        return ""
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(name, " ".join(value.replace("\0", " ").split())[:LONGEST_VALUE].rstrip())
    return urlencode([(name, given[name]) for name in known if given.get(name)])
