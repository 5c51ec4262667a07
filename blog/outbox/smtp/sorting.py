"""What an answer of a mail server means for the message, by when it came and what it says.

The table, first line that fits (docs/decisions/0015 says why):

    2xx (3xx where more is to follow)        go on; after the final dot: sent
    4xx                                      later; before a sender is named: for everyone
    anything while connecting or at MAIL     stop
    what concerns us, by code                stop
    a dead address (verdicts.py)             never; hard unless its words concern us
    a full mailbox                           later
    what concerns us, by words               stop
    500, 502, 503: the talk went astray      later
    5.7.x, or too large, after the body      stop
    all else                                 never, and nobody is suppressed
"""

import enum
import re

from blog.outbox.verdicts import Verdict, is_gone, verdict_on_answer

from .outcomes import InDoubt, Later, Never, Outcome, Refusal, Sent, Stop, tidy
from .wire import Reply


class Phase(enum.Enum):
    """What was answered."""

    BANNER = "the connection"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    USER = "AUTH LOGIN"
    AUTH = "AUTH"
    RSET = "RSET"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "the message"


ABOUT_US = {
    "5.1.7",
    "5.1.8",
    "5.7.3",
    "5.7.8",
    "5.7.9",
    "5.7.11",
    "5.7.13",
    "5.7.14",
    *(f"5.7.{n}" for n in range(20, 30)),
}
"""Enhanced codes about the sender or its credentials (RFC 3463, 4954, 7372, 7505)."""
ABOUT_US_PLAIN = {530, 534, 535, 538}
FULL = {"5.2.2"}
TOO_LARGE = {"5.3.4"}

_US = re.compile(
    r"\b(?:black|block|deny|dns)-?\s?list|\bblocked\b|\bbanned\b|\brbl\b|spam|unsolicited|reputation|\brelay"
    r"|authenticat|\bauth\b|log ?in|credential|\bsender\b|\bspf\b|\bdkim\b|\bdmarc\b|reverse dns|\bptr\b"
    r"|(?:rate|sending|daily|hourly|message) (?:limit|quota)|not (?:allowed|permitted|authori[sz]ed) to send",
    re.IGNORECASE,
)

_CONNECTING = {Phase.BANNER, Phase.EHLO, Phase.STARTTLS, Phase.USER, Phase.AUTH}
_BODY = {Phase.DATA, Phase.DOT}
_MORE_FOLLOWS = {Phase.USER, Phase.DATA}


def refusal(phase: Phase, reply: Reply, recipient: str = "") -> Refusal | None:
    """Return what an answer before the final dot makes of the message; None where the next step follows."""
    if reply.code // 100 == (3 if phase in _MORE_FOLLOWS else 2):
        return None
    reason, code = _reason(phase, reply, recipient), reply.enhanced or str(reply.code)
    if reply.code < 500:
        return Later(reason, code, everyone=phase in _CONNECTING)
    return _final(phase, reply, reason, code)


def after_the_dot(reply: Reply, recipient: str = "") -> Outcome:
    """Return what the answer to the final dot makes of the message."""
    reason, code = _reason(Phase.DOT, reply, recipient), reply.enhanced or str(reply.code)
    if reply.code >= 500:
        return _final(Phase.DOT, reply, reason, code)
    if reply.code >= 400:
        return Later(reason, code)
    # A server that asks for more after the end has perhaps taken it as one.
    return Sent(reason, code) if reply.code // 100 == 2 else InDoubt(reason, code)


def _final(phase: Phase, reply: Reply, reason: str, code: str) -> Refusal:
    # Words are looked for in the reason, which has no addresses: there is no harm in being spam@example.org.
    if phase in _CONNECTING or phase is Phase.MAIL or code in ABOUT_US or reply.code in ABOUT_US_PLAIN:
        return Stop(reason, code)
    # The same judge as of mail that comes back later (verdicts.py): whoever is not hard here is not suppressed there.
    hard = verdict_on_answer(reason) is Verdict.HARD
    if hard or is_gone(code):
        # Some filters answer what they take for spam as if there were no such mailbox.
        return Never(reason, code, hard=hard)
    if code in FULL or (phase is Phase.RCPT and code == "552"):
        return Later(reason, code)
    if _US.search(reason):
        return Stop(reason, code)
    if reply.code in (500, 502, 503):
        return Later(reason, code)
    if phase in _BODY and (code.startswith("5.7.") or code in TOO_LARGE or code == "552"):
        return Stop(reason, code)
    return Never(reason, code)


def _reason(phase: Phase, reply: Reply, recipient: str) -> str:
    return tidy(f"{reply} (to {phase.value})", recipient)
