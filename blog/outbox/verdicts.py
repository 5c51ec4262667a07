"""What a mail server's no means for an address: gone, not now, or nothing, because it is about us."""

import enum
import re


class Verdict(enum.StrEnum):
    """What follows for an address."""

    HARD = "hard"
    """Nobody reads mail there."""
    SOFT = "soft"
    """It did not work this time."""
    POLICY = "policy"
    """About the sender or the message, not about the mailbox: never a reason to leave it alone."""


_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")

# RFC 3463 and its register: the subject of a code, then its detail.
_GONE = {"1.1", "1.2", "1.3", "1.6", "1.10", "2.1"}
"""No such mailbox or domain, it moved, it takes no mail; it was closed."""
_ABOUT_US = {"1.7", "1.8", "1.9", "2.3", "3.4", "3.7", "3.8"}
"""The sender's own address, too large a message."""
_SUBJECTS_ABOUT_US = {"6", "7"}
"""What the message was made of, security and policy."""
_SPOKEN = "5"
"""How the servers spoke; some say so of a mailbox that is not there."""

_BLOCKED = re.compile(
    r"spam|black.?list|block.?list|deny.?list|dnsbl|\brbl\b|reputation|spamhaus|barracuda|dmarc|dkim|\bspf\b|"
    r"unsolicited|grey.?list|rate.?limit|throttl|too many (?:connections|messages|recipients)|"
    r"blocked (?:using|by|due)|(?:ip|sender|domain|host|network)\b.{0,40}\b(?:blocked|banned|rejected)",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"(?:user|mailbox|recipient|address|account|addressee)\b.{0,40}\b(?:unknown|not found|not exist|"
    r"does(?:n.t| not) (?:exist|have an? .{0,20}account)|invalid|disabled|deactivated|inactive|"
    r"no longer|unavailable|unrouteable)|"
    r"(?:no such|unknown|invalid|nonexistent|unrouteable) (?:local )?(?:user|mailbox|recipient|address|account|person)|"
    r"no mailbox|recipient rejected|not a valid (?:mailbox|user|recipient)|domain .{0,60}does not accept mail",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"quota|mailbox (?:is )?full|over.?quota|insufficient|out of storage|exceed", re.IGNORECASE
)


def verdict_on(status: str, diagnosis: str) -> Verdict:
    """Judge a final no by its enhanced status code, such as 5.1.1, and what the server said.

    Words about blocking outweigh a code that says the mailbox is gone: some filters answer with it. Where the code
    says neither that nor whom it is about, the words decide.
    """
    words = diagnosis[:2_000]
    if _BLOCKED.search(words):
        return Verdict.POLICY
    digits = status.split(".")
    subject, detail = (digits[1], ".".join(digits[1:3])) if len(digits) == 3 else ("0", "0.0")
    if subject in _SUBJECTS_ABOUT_US or detail in _ABOUT_US:
        return Verdict.POLICY
    if status.startswith("4") or re.match(r"\W*4\d\d\b", words):
        return Verdict.SOFT
    if detail in _GONE or (_NOBODY.search(words) and detail != "2.2" and not _FULL.search(words)):
        return Verdict.HARD
    return Verdict.POLICY if subject == _SPOKEN else Verdict.SOFT


def is_gone(status: str) -> bool:
    """Tell whether an enhanced status code alone says that nobody reads mail at an address."""
    return status.startswith("5.") and status.removeprefix("5.") in _GONE


def verdict_on_answer(answer: str) -> Verdict | None:
    """Judge a final answer of a mail server as it stands, such as `550 5.1.1 No such user`; None where it is none."""
    if not re.match(r"[45]\d\d\b", answer):
        return None
    return verdict_on(enhanced_in(answer), answer)


def enhanced_in(text: str) -> str:
    """Return the first enhanced status code in a text (RFC 3463), or nothing."""
    found = _ENHANCED.search(text)
    return found[1] if found else ""
