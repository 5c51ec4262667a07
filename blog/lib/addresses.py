"""E-mail addresses: as typed, and as compared."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

LONGEST = 254
LONGEST_LOCAL_PART = 64
"""RFC 5321, section 4.5.3.1.1."""


@dataclass(frozen=True)
class Address:
    """An e-mail address that mail can be sent to."""

    typed: str
    """As the person wrote it, spaces around it removed."""
    key: str
    """The same for all spellings of one mailbox: lower case, NFC, domain in its ASCII form."""


def address_from(typed: str) -> Address | None:
    """Return the address, or None where it is not one.

    Refuses what could be read as a mail header or an encoded word, quoted local parts and address literals.
    """
    tidy = unicodedata.normalize("NFC", typed).strip()
    if not tidy or len(tidy) > LONGEST or "=?" in tidy or not tidy.isprintable():
        return None
    if "\ufffd" in tidy:  # stands for bytes that were no text
        return None
    try:
        found = validate_email(tidy, check_deliverability=False)
    except EmailNotValidError:
        return None
    if len(found.local_part.encode()) > LONGEST_LOCAL_PART:
        return None
    return Address(tidy, f"{found.local_part.lower()}@{found.ascii_domain.lower()}")
