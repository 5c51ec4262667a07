"""The envelope of a message, and its body as it goes over the wire."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Envelope:
    """Where a message goes and where it returns to, whatever its headers say."""

    sender: str
    """In ASCII."""
    recipient: str
    """As typed; an international domain is written in its ASCII form on the wire."""
    message_id: str
    """With its angle brackets."""


def stuffed(message: bytes) -> bytes:
    """Return the message as DATA wants it: every line ends in CRLF, and a dot that begins one is doubled.

    A lone CR or LF becomes a line's end here, so that no server can read one as the end of the message.
    """
    lines = message
    if not message.count(b"\r\n") == message.count(b"\r") == message.count(b"\n"):
        lines = re.sub(rb"\r\n?|\n", b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    dot = b"." if lines.startswith(b".") else b""
    return dot + lines.replace(b"\r\n.", b"\r\n..")
