"""A letter as subscribers get it, held against what mailbox providers and the law ask of it."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from html import unescape

from .findings import Finding, to_do, well
from .strictly import Read, read_strictly

LARGEST = 100 * 1024
ONE_CLICK = "List-Unsubscribe=One-Click"
NEEDED = ("from", "to", "subject", "date", "message-id", "mime-version", "content-type", "list-id",
          "list-unsubscribe", "list-unsubscribe-post")  # fmt: skip
_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d\d:\d\d:\d\d [+-]\d{4}"
)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.-]+>")
_REMOTE = re.compile(
    r"""(?:\bsrc|\bbackground|\bposter)\s*=\s*["']?([^"'\s>]+)|url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)|"""
    r"""<link\b[^>]*\bhref\s*=\s*["']?([^"'\s>]+)""",
    re.IGNORECASE,
)
_PIXEL = re.compile(
    r"<img\b(?=[^>]*\bwidth\s*=\s*[\"']?[01]\b)(?=[^>]*\bheight\s*=\s*[\"']?[01]\b)", re.IGNORECASE
)


def look_at_letter(message: bytes, *, leave: str, postal_address: str, site: str) -> Iterator[Finding]:
    """Yield what is found in the bytes of a letter from this site, for a subscriber with this link of leaving."""
    read = read_strictly(message)
    for what, faults in (
        (
            "two readers find the message made as the standards say",
            [*read.faults, *_differences(message, read)],
        ),
        ("every header that is needed is there once, and right", list(_headers(read, leave, site))),
        (
            "text and HTML both show the link of leaving and the postal address",
            list(_parts(read, leave, postal_address)),
        ),
        ("nothing is fetched from elsewhere, and nobody is watched", list(_remote(read, site))),
    ):
        if faults:
            yield from (
                to_do(f"letter: {fault} Please report this as a fault of Broadsheet.") for fault in faults
            )
        else:
            yield well(f"letter: {what}.")
    if len(message) > LARGEST:
        yield to_do(
            f"letter: it has {len(message) // 1024} kB; shorten it to {LARGEST // 1024} kB, or it is cut off."
        )
    else:
        yield well(f"letter: it has {len(message) // 1024 + 1} kB, {LARGEST // 1024} kB are allowed.")


def _headers(read: Read, leave: str, site: str) -> Iterator[str]:
    yield from (f"The header {name} is missing." for name in NEEDED if name not in read.raw)
    if not _DATE.fullmatch(read.raw.get("date", "")):
        yield "Date is none."
    if not _MESSAGE_ID.fullmatch(read.raw.get("message-id", "")):
        yield "Message-ID is none."
    if read.raw.get("list-unsubscribe") != f"<{leave}>":
        yield "List-Unsubscribe is not the subscriber's link of leaving."
    if read.raw.get("list-unsubscribe-post") != ONE_CLICK:
        yield "List-Unsubscribe-Post does not offer one click."
    if site.startswith("https://") and not leave.startswith("https://"):
        yield "The link of leaving is not https, so that no provider offers one click."


def _parts(read: Read, leave: str, postal_address: str) -> Iterator[str]:
    if [kind for kind, _ in read.parts] != ["text/plain", "text/html"]:
        yield "It is not text first and HTML second."
    for kind in ("text/plain", "text/html"):
        said = " ".join(unescape(re.sub(r"<(?!a\b)[^>]*>", " ", read.part(kind))).split())
        if leave not in said:
            yield f"The link of leaving is not in {kind}."
        if " ".join(postal_address.split()) not in said:
            yield f"The postal address is not in {kind}."


def _remote(read: Read, site: str) -> Iterator[str]:
    html = read.part("text/html")
    for found in _REMOTE.findall(html):
        address = next(filter(None, found))
        if not unescape(address).startswith((f"{site}/", "#", "data:image/")):
            yield f"It fetches {address[:60]} from elsewhere."
    if _PIXEL.search(html):
        yield "It holds a picture of one point, as those who watch readers use."
    if re.search(r"<(script|iframe|object|embed|form)\b", html, re.IGNORECASE):
        yield "It holds an element that mail programs refuse."


def _differences(message: bytes, read: Read) -> Iterator[str]:
    """Yield where the standard library's old parser reads anything else than the strict one."""
    other = message_from_bytes(message, policy=compat32)
    if any(part.defects for part in other.walk()):
        yield "The second reader finds a defect in it."
    if [name for name, _ in read.fields] != other.keys():
        yield "The second reader finds other headers."
    if _decoded(str(other["subject"])) != read.value("subject"):
        yield "The second reader reads another subject."
    parts = other.get_payload()
    inner = [part for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []
    texts = [(part.get_content_type(), _text(part)) for part in inner]
    if texts != read.parts:
        yield "The second reader reads other texts."


def _decoded(subject: str) -> str:
    try:
        return str(make_header(decode_header(subject)))
    except (MessageError, ValueError, LookupError):
        return subject


def _text(part: Message) -> str:
    raw = part.get_payload(decode=True)
    return raw.decode("utf-8", "replace").replace("\r\n", "\n") if isinstance(raw, bytes) else ""
