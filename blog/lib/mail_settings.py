"""The settings of mail: through which server it goes or into which folder, from whom, and where bounces return."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from .addresses import address_from

NAMES = ("BLOG_MAIL_URL", "BLOG_MAIL_URL_FILE", "BLOG_MAIL_FROM", "BLOG_MAIL_BOUNCES")

LONGEST_BOUNCES = 30
"""Letters before the @ of the address for bounces: what tells one recipient from another is added to them."""

_URL = (
    "BLOG_MAIL_URL must be smtp://USER:PASSWORD@HOST:587, smtps://USER:PASSWORD@HOST:465, "
    "smtp+unencrypted://HOST:PORT or dir:PATH; in user and password, write signs such as / # ? @ : as %2F and the like."
)


class Security(enum.Enum):
    """How a connection is protected, by the scheme that asks for it."""

    STARTTLS = "smtp"
    TLS = "smtps"
    NONE = "smtp+unencrypted"


_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}


@dataclass(frozen=True)
class MailServer:
    """A server that takes our mail."""

    host: str
    port: int
    security: Security
    user: str = ""
    """Empty where it wants none."""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class MailSettings:
    """How mail leaves this site."""

    server: MailServer | None = None
    """None: every message becomes a file in the folder."""
    folder: Path = Path("mail")
    """Relative to the data folder, or absolute."""
    sender: Address = field(default_factory=lambda: Address("", "newsletter", "localhost"))
    """From whom; its domain in ASCII form, its local part ASCII."""
    bounces: str = ""
    """Where bounces return, in ASCII; empty: nowhere of their own."""


def read_mail(values: Mapping[str, str], site_url: str, problems: list[str]) -> MailSettings:
    """Read the settings of mail, adding a sentence to the problems for each that is wrong; never with the password."""
    url = _url(values, problems)
    server, folder = _place(url, problems)
    sender = _sender(values.get("BLOG_MAIL_FROM", "").strip(), site_url, problems)
    if server and not values.get("BLOG_MAIL_FROM", "").strip():
        problems.append(
            "BLOG_MAIL_FROM is missing: a mail server needs to know from whom, as in Name <letters@example.org>."
        )
    return MailSettings(
        server, folder, sender, _bounces(values.get("BLOG_MAIL_BOUNCES", "").strip(), problems)
    )


def _url(values: Mapping[str, str], problems: list[str]) -> str:
    url, file = values.get("BLOG_MAIL_URL", "").strip(), values.get("BLOG_MAIL_URL_FILE", "")
    if url or not file:
        return url or "dir:mail"
    try:
        return Path(file).read_text("utf-8").strip() or "nothing"
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        problems.append(f"BLOG_MAIL_URL_FILE cannot be read: {reason}.")
        return "dir:mail"


def _place(url: str, problems: list[str]) -> tuple[MailServer | None, Path]:
    scheme, _, rest = url.partition(":")
    if scheme == "dir":
        if not rest or "\0" in rest:
            problems.append("BLOG_MAIL_URL names no folder: write dir:PATH.")
        return None, Path(rest or "mail").expanduser() if "\0" not in rest else Path("mail")
    try:
        return _server(urlsplit(url), problems), Path("mail")
    except ValueError:  # an unknown scheme, a port that is none, half an IPv6 address
        problems.append(_URL)
        return None, Path("mail")


def _server(parts: SplitResult, problems: list[str]) -> MailServer | None:
    security = Security(parts.scheme)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    host = parts.hostname or ""
    if (
        not re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+", host)
        or parts.port == 0
        or parts.path not in ("", "/")
        or parts.query
        or parts.fragment
        or bool(user) != bool(password)
        or not (user + password).isprintable()
    ):
        raise ValueError
    if user and security is Security.NONE:
        problems.append(
            "BLOG_MAIL_URL would send a password without encryption: use smtp:// or smtps://, "
            "or leave user and password out."
        )
    return MailServer(host, parts.port or _PORTS[security], security, user, password)


def _sender(value: str, site_url: str, problems: list[str]) -> Address:
    if not value:
        host = urlsplit(site_url).hostname or ""
        # Mail has no place for an address such as newsletter@127.0.0.1.
        derived = address_from(f"newsletter@{host}")
        return _as_header("", derived.key if derived else "newsletter@localhost")
    found = re.fullmatch(r"(?P<name>[^<>]*)<(?P<address>[^<>]+)>", value)
    name = found["name"].strip(" \"'") if found else ""
    address = _plain(found["address"] if found else value)
    if not address or not name.isprintable() or len(name) > 100:
        problems.append(
            "BLOG_MAIL_FROM must be as in Name <letters@journal.example.org>, the address in ASCII."
        )
        return Address("", "newsletter", "localhost")
    return _as_header(name, address)


def _as_header(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)


def _bounces(value: str, problems: list[str]) -> str:
    address = _plain(value) if value else ""
    if value and (not address or len(address.rpartition("@")[0]) > LONGEST_BOUNCES):
        problems.append(
            f"BLOG_MAIL_BOUNCES must be an address in ASCII, with at most {LONGEST_BOUNCES} letters before the @."
        )
    return address


def _plain(typed: str) -> str:
    """Return the address with its local part as typed and its domain in ASCII form; empty where it is none."""
    address = address_from(typed)
    if address is None:
        return ""
    local = address.typed.rpartition("@")[0]
    return f"{local}@{address.key.rpartition('@')[2]}" if local.isascii() else ""
