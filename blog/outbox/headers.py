"""Values of mail headers: words of any language made ASCII, addresses made safe; a line break is always refused."""

import re
import unicodedata
from base64 import b64encode
from functools import lru_cache

from blog.lib.addresses import address_from
from blog.lib.refusing import Refused

LONGEST_LINE = 998
"""RFC 5322, section 2.1.1, without the line's end."""
_LONGEST_WORD = 75
"""Of an encoded word; RFC 2047, section 2."""
_AROUND_WORD = len("=?utf-8?q??=")
_LONGEST_VALUE = 2000
_PLAIN_SHARE = 0.6
"""From so much ASCII on, quoted words are shorter than base64, and can be read by people."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ATOMS = re.compile(rf"{_ATOM}(?: {_ATOM})*")
_QUOTED_AS_ITSELF = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
"""RFC 2047, section 5 (3): what may stand in a phrase."""


@lru_cache(maxsize=256)
def unstructured(name: str, value: str) -> str:
    """Return text for a header such as Subject, folded where it is long."""
    _check(name, value)
    if value.isascii() and "=?" not in value and len(value) < LONGEST_LINE - 100 and value == value.strip():
        return value
    return encoded_words(value, len(name) + 2)


@lru_cache(maxsize=256)
def phrase(name: str, value: str, after: int = 0) -> str:
    """Return a display name for before an address of so many characters; empty where there is none."""
    _check(name, value)
    if _ATOMS.fullmatch(value) and "=?" not in value and len(value) < _LONGEST_WORD:
        return value
    if value.isascii() and "=?" not in value and len(value) < _LONGEST_WORD:
        escaped = re.sub(r'(["\\])', r"\\\1", value)
        return f'"{escaped}"' if value else ""
    return encoded_words(value, len(name) + 2, after)


def envelope_address(typed: str) -> str:
    """Return the address as it goes over the wire: its domain in ASCII form. Raises Refused where it is none.

    ASCII, except for a local part that is not: that takes a server with SMTPUTF8 (RFC 6531).
    """
    if len(typed) <= 254 and _ADDRESS.fullmatch(typed) and "=?" not in typed:
        return typed
    address = address_from(typed)
    if address is None:
        raise Refused("An address of this message is not an e-mail address.")
    local, domain = address.typed.rpartition("@")[0], address.key.rpartition("@")[2]
    return f"{local}@{domain}"


def encoded_words(text: str, before: int = 0, after: int = 0) -> str:
    """Return the text as encoded words (RFC 2047), folded; so much of the first and of the last line is taken."""
    encode = _quoted if sum(map(str.isascii, text)) >= len(text) * _PLAIN_SHARE else _based
    words: list[str] = []
    held, room = "", _LONGEST_WORD - before
    for char in text:
        if held and len(encode(held + char)) > room:
            words.append(encode(held))
            held, room = "", _LONGEST_WORD
        held += char
    words.append(encode(held))
    return "\r\n ".join(words) + ("\r\n" if len(words[-1]) + after > _LONGEST_WORD else "")


def _quoted(text: str) -> str:
    coded = "".join(
        chr(byte) if chr(byte) in _QUOTED_AS_ITSELF else "_" if byte == 0x20 else f"={byte:02X}"
        for byte in text.encode()
    )
    return f"=?utf-8?q?{coded}?="


def _based(text: str) -> str:
    return f"=?utf-8?b?{b64encode(text.encode()).decode()}?="


def _check(name: str, value: str) -> None:
    """Refuse what is no line of text: breaks of every script, controls, half of a surrogate pair."""
    if len(value) > _LONGEST_VALUE:
        raise Refused(f"{name} of this message is too long: at most {_LONGEST_VALUE} characters.")
    if value.isprintable():
        return
    if any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in value):
        raise Refused(f"{name} of this message has a line break or a sign that cannot be printed in it.")
