"""A letter becomes the bytes of a message: two readable parts, headers that say just what they should."""

import hashlib
import re
from binascii import b2a_qp
from collections.abc import Iterator
from datetime import datetime
from email.headerregistry import Address
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime
from urllib.parse import urlsplit

from flask import current_app

from blog.lib.canonical import site_url
from blog.lib.refusing import Refused
from blog.settings import identity

from .headers import LONGEST_LINE, envelope_address, phrase, unstructured
from .kinds import Letter

LARGEST = 100_000
"""Bytes; mail programs cut longer messages off, and the link of leaving with them."""

_PARSER = BytesHeaderParser(policy=compat32)
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#@!$&'()*+;=%\[\]-]{1,900}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
_NO_LABEL = re.compile(r"[^A-Za-z0-9.-]+")

Headers = list[tuple[str, str]]


def write_for_site(letter: Letter, *, message_id: str, at: datetime) -> bytes:
    """Return the message as this site sends it: from its sender, under its name where the sender has none."""
    sender: Address = current_app.config["MAIL"].sender
    if not sender.display_name:
        sender = Address(identity.title.get(), sender.username, sender.domain)
    host = urlsplit(site_url()).hostname or sender.domain
    return write_message(
        letter, message_id=message_id, at=at, sender=sender, host=host, replies=identity.reply_to.get()
    )


def write_message(
    letter: Letter, *, message_id: str, at: datetime, sender: Address, host: str = "", replies: str = ""
) -> bytes:
    """Return the message, ending in CRLF, with lines of at most 998 bytes; ASCII but for an address that is not.

    `host` is the site's, for the name of the list. The same arguments give the same bytes.
    Raises Refused with a sentence where the letter cannot be sent as it is.
    """
    boundary = f"=_{hashlib.sha256(message_id.encode(errors='replace')).hexdigest()[:32]}"
    headers = [
        *_envelope(letter, message_id, at, sender, replies),
        *_of_list(letter, host or sender.domain),
        *_extra(letter),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    head = "".join(f"{name}: {value}\r\n" for name, value in headers)
    message = head.encode() + b"\r\n" + _parts(letter, boundary.encode())
    _verify(message, headers)
    return message


def _envelope(letter: Letter, message_id: str, at: datetime, sender: Address, replies: str) -> Headers:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Refused("The Message-ID of this message is none.")
    origin = envelope_address(f"{sender.username}@{sender.domain}")
    headers = [
        ("From", _mailbox("From", sender.display_name, origin)),
        ("To", envelope_address(letter.to)),
        ("Subject", unstructured("Subject", letter.subject)),
        ("Date", format_datetime(at)),
        ("Message-ID", message_id),
    ]
    return [*headers, ("Reply-To", envelope_address(replies))] if replies else headers


def _of_list(letter: Letter, host: str) -> Iterator[tuple[str, str]]:
    place = _NO_LABEL.sub("-", host)
    if letter.list_name:
        yield "List-Id", _mailbox("List-Id", letter.list_name, f"newsletter.{place}")
    else:
        yield "Auto-Submitted", "auto-generated"
    if letter.one_click:
        if not _URL.fullmatch(letter.one_click) or "=?" in letter.one_click:
            raise Refused("The address of one-click leaving is none.")
        # Never folded and never encoded: providers read it as it stands (RFC 2369, RFC 8058).
        yield "List-Unsubscribe", f"<{letter.one_click}>"
        yield "List-Unsubscribe-Post", "List-Unsubscribe=One-Click"
    if letter.feedback:
        yield "Feedback-ID", f"{_NO_LABEL.sub('-', letter.feedback)[:60]}:{_sender_id(place)}"
    # Exchange sends absence notes even to lists, unless it is asked not to.
    yield "X-Auto-Response-Suppress", "OOF, AutoReply"


def _extra(letter: Letter) -> Iterator[tuple[str, str]]:
    for name, value in letter.headers:
        if not _NAME.fullmatch(name):
            raise Refused("A header of this message has a name that is none.")
        yield name, unstructured(name, value)


def _mailbox(header: str, name: str, address: str) -> str:
    shown = phrase(header, name, len(address) + 3)
    return f"{shown} <{address}>" if shown else f"<{address}>"


def _sender_id(place: str) -> str:
    """Return 5 to 15 characters that name the site in mailbox providers' reports."""
    return (re.sub(r"[^a-z0-9]", "", place.lower()) + "-mail")[:15]


def _parts(letter: Letter, boundary: bytes) -> bytes:
    """Return both parts; the boundary cannot occur in them, since quoted-printable has no "=_"."""
    pieces = []
    for kind, body in ((b"plain", letter.text), (b"html", letter.html)):
        pieces += [b"--", boundary, b"\r\nContent-Type: text/", kind, b"; charset=utf-8\r\n"]
        pieces += [b"Content-Transfer-Encoding: quoted-printable\r\n\r\n", _quoted(body), b"\r\n"]
    return b"".join([*pieces, b"--", boundary, b"--\r\n"])


def _quoted(body: str) -> bytes:
    """Return text as quoted-printable, lines ending in CRLF."""
    try:
        raw = body.encode()
    except UnicodeEncodeError:
        raise Refused("The text of this message holds half a character.") from None
    lines = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    # It takes the kind of line end from the first: so there is always one.
    return b2a_qp((lines.rstrip(b"\n") + b"\n").replace(b"\n", b"\r\n"), istext=True)


def _verify(message: bytes, headers: Headers) -> None:
    """Read the finished bytes as a mail server would, and refuse them where they say anything else than was meant."""
    if len(message) > LARGEST:
        raise Refused(
            f"The message has {len(message) // 1000 + 1} kB, at most {LARGEST // 1000} kB are sent: "
            "mail programs cut off what is longer."
        )
    head, _, _ = message.partition(b"\r\n\r\n")
    read = _PARSER.parsebytes(head + b"\r\n\r\n").raw_items()
    found = [(name, value.encode("ascii", "surrogateescape")) for name, value in read]
    names = {name.lower() for name, _ in headers}
    if found != [(name, value.encode()) for name, value in headers] or len(names) != len(headers):
        raise Refused("The headers of this message would not arrive as they were meant.")
    if max(map(len, message.split(b"\r\n"))) > LONGEST_LINE:
        raise Refused("A line of this message is too long.")
