"""Reports about mail, read: what came back (RFC 3464), and what was called unwanted (RFC 5965).

Pure: bytes in, what they say out. Whoever wrote them may be anybody; nothing here is believed yet.
"""

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass

from blog.lib.mail_parts import Part, fields_in, part_from, walk
from blog.lib.refusing import Refused

from .verdicts import enhanced_in

LARGEST = 1024 * 1024
"""Bytes of a report that are read."""
MOST_RECIPIENTS = 50
"""Recipients of one report; each of our messages has one."""

_STATUS_PARTS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED_PARTS = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_ARRIVED_FOR = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "to")
"""Fields in which mail servers and people say whom a report came for."""
_ADDRESS = re.compile(r"[^\s<>,;:\"()\[\]]{1,100}@[^\s<>,;:\"()\[\]]{1,255}")
_MESSAGE_ID = re.compile(r"<[^<>\s]{3,300}>")
_UNICODE = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_UNWANTED = {"abuse", "fraud", "opt-out", "opt-out-list", "miscategorized"}
"""Kinds of feedback that say: no more of this; others are about viruses, signatures, or say the contrary."""


class Says(enum.StrEnum):
    """What a report says became of a message."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    """Also relayed or expanded."""
    UNWANTED = "unwanted"


@dataclass(frozen=True)
class Report:
    """What a report says about one recipient."""

    says: Says
    recipients: tuple[str, ...]
    """The addresses it names for the recipient; none where it hides them."""
    status: str
    """The enhanced status code, such as 5.1.1, or nothing."""
    diagnosis: str
    """What a mail server answered, or nothing."""
    came_for: tuple[str, ...]
    """Addresses that may be the envelope sender that we chose for the delivery."""
    message_ids: tuple[str, ...]
    """Identifiers of the message it is about, with their angle brackets."""


def read_reports(raw: bytes) -> list[Report]:
    """Return what a message reports. Raises Refused where it is no report, or too large to be one."""
    if len(raw) > LARGEST:
        raise Refused(f"This is larger than {LARGEST} bytes: no report.")
    whole = part_from(raw)
    found = _reported(whole)
    if not found:
        for inner in walk(whole):  # somebody forwarded the report as an attachment
            if inner is not whole and inner.kind in ("message/rfc822", "message/global"):
                found = found or _reported(part_from(inner.content))
    if not found:
        raise Refused("This is no report about mail.")
    return found[:MOST_RECIPIENTS]


def _reported(whole: Part) -> list[Report]:
    parts = list(walk(whole))
    feedback = [part for part in parts if part.kind == "message/feedback-report"]
    if feedback:
        return _complaints(whole, parts, feedback[0])
    status = [part for part in parts if part.kind in _STATUS_PARTS]
    if status:
        return [report for part in status for report in _statuses(whole, parts, part)]
    return _without_parts(whole, parts)


def _statuses(whole: Part, parts: list[Part], status: Part) -> Iterator[Report]:
    came_for, ids = _came_for(whole, parts), _message_ids(whole, parts)
    for block in re.split(r"\r?\n[ \t]*\r?\n", status.text.strip())[: MOST_RECIPIENTS * 2]:
        fields = Part(tuple(fields_in(block)), b"")
        named = [*fields.all("original-recipient"), *fields.all("final-recipient")]
        if not named and not fields.first("action"):
            continue  # what is said of the message as a whole
        diagnosis = fields.first("diagnostic-code").partition(";")[2].strip() or fields.first(
            "diagnostic-code"
        )
        code = _status(fields.first("status"), diagnosis)
        says = _said(fields.first("action"), code)
        if says:
            yield Report(says, _recipients(named), code, diagnosis, came_for, ids)


def _status(given: str, diagnosis: str) -> str:
    """Return the code that says most: some servers write 5.0.0 and the true code into the diagnosis."""
    stated, answered = enhanced_in(given), enhanced_in(diagnosis)
    return answered if answered and (not stated or stated.endswith(".0.0")) else stated


def _said(action: str, status: str) -> Says | None:
    word = (re.findall(r"[a-z]+", action.lower()) or [""])[0]
    by_word = {"failed": Says.FAILED, "delayed": Says.DELAYED} | dict.fromkeys(
        ("delivered", "relayed", "expanded"), Says.DELIVERED
    )
    by_class = {"5": Says.FAILED, "4": Says.DELAYED, "2": Says.DELIVERED}
    return by_word.get(word) or by_class.get(status[:1])


def _complaints(whole: Part, parts: list[Part], feedback: Part) -> list[Report]:
    fields = Part(tuple(fields_in(feedback.text)), b"")
    kind = fields.first("feedback-type").partition(";")[0].strip().lower()
    says = Says.UNWANTED if kind in _UNWANTED else Says.DELIVERED
    named = fields.all("original-rcpt-to") + fields.all("removal-recipient")
    named += [to for part in _returned(parts) for to in part.all("to")]
    came_for = (*_came_for(whole, parts), *_addresses(fields.all("original-mail-from")))
    return [Report(says, _recipients(named), "", kind, came_for, _message_ids(whole, parts))]


def _without_parts(whole: Part, parts: list[Part]) -> list[Report]:
    """Read the older form of Exim and of Google: a field that names who could not be reached, and plain text."""
    failed = _recipients(whole.all("x-failed-recipients"))
    if not failed:
        return []
    text = next((part.text for part in parts if part.kind == "text/plain"), "")
    answer = re.search(r"(?m)^.*(?<!\d)[45]\d\d[ -].*$", text)
    diagnosis = answer[0].strip() if answer else ""
    own = re.search(r"(?im)^message-id:\s*(<[^<>\s]{3,300}>)", text)
    ids = (own[1],) if own else _message_ids(whole, parts)
    return [Report(Says.FAILED, failed, _status("", diagnosis), diagnosis, _came_for(whole, parts), ids)]


def _returned(parts: list[Part]) -> list[Part]:
    """Return the message that a report brings back, or its header."""
    return [part_from(part.content) for part in parts if part.kind in _RETURNED_PARTS]


def _came_for(whole: Part, parts: list[Part]) -> tuple[str, ...]:
    named = [value for name in _ARRIVED_FOR for value in whole.all(name)]
    returned = [value for part in _returned(parts) for value in part.all("return-path")]
    return _addresses(named + returned)


def _message_ids(whole: Part, parts: list[Part]) -> tuple[str, ...]:
    named = [value for part in _returned(parts) for value in part.all("message-id")]
    named += whole.all("in-reply-to") + whole.all("references")
    return tuple(dict.fromkeys(found for value in named for found in _MESSAGE_ID.findall(value)))[:20]


def _recipients(values: list[str]) -> tuple[str, ...]:
    """Return the addresses in fields such as `rfc822; dee@example.org`, also those of RFC 6533."""
    plain = [re.sub(r"^[A-Za-z0-9-]{1,30}\s*;\s*", "", value) for value in values]
    return _addresses([_UNICODE.sub(_character, value) for value in plain])


def _character(escape: re.Match[str]) -> str:
    point = int(escape[1], 16)
    return chr(point) if point < 0x110000 and not 0xD800 <= point < 0xE000 else "\ufffd"


def _addresses(values: list[str]) -> tuple[str, ...]:
    found = (address for value in values[:40] for address in _ADDRESS.findall(value[:1_000]))
    return tuple(dict.fromkeys(address.strip("'") for address in found))[:20]
