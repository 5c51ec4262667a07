"""One message over a session: its envelope, its body, and its end."""

import re

from blog.lib.refusing import Refused
from blog.outbox.headers import envelope_address

from .envelope import Envelope
from .outcomes import InDoubt, Later, Never, Outcome, Stop, tidy
from .session import CLOSING, NotTaken, Session
from .sorting import Phase, after_the_dot
from .wire import Broken, Lost


def hand_over(session: Session, envelope: Envelope, body: bytes) -> None:
    """Say everything but the final dot. Raises NotTaken or Lost."""
    steps = _steps(session, envelope, body)
    if session.begun:
        _reset(session)
    session.begun = True
    if "PIPELINING" in session.can:
        _at_once(session, steps, envelope.recipient)
    else:
        for phase, command in steps.items():
            session.wire.send(f"{command}\r\n".encode())
            session.hear(phase, envelope.recipient)
    session.wire.send(body)


def end(session: Session, recipient: str) -> Outcome:
    """Say the final dot and return what became of the message; `session.lasts` says whether another may follow."""
    session.begun = False
    session.lasts = False
    if session.wire.has_spoken():
        return _early(session)
    try:
        session.wire.send(b".\r\n")
        reply = session.wire.reply()
    except Broken as broken:  # of what the system never took, nothing arrived
        return InDoubt(str(broken)) if broken.sent else Later(str(broken))
    except Lost as lost:
        return InDoubt(str(lost))
    outcome = after_the_dot(reply, recipient)
    session.lasts = reply.code != CLOSING and not isinstance(outcome, InDoubt)
    return outcome


def _early(session: Session) -> Later:
    """Hear what the server says before the message has ended: most often that it goes."""
    try:
        reply = session.wire.reply()
    except Lost as lost:
        return Later(str(lost))
    return Later(tidy(f"{reply} (before the message had ended)"), str(reply.code))


def _reset(session: Session) -> None:
    try:
        session.ask(Phase.RSET, "RSET")
    except NotTaken as refused:  # no fault of the next message: a new connection will do
        raise Lost(refused.outcome.reason) from None


def _at_once(session: Session, steps: dict[Phase, str], recipient: str) -> None:
    """Say the envelope in one piece (RFC 2920); every command is answered, also after one that was refused."""
    session.wire.send("".join(f"{command}\r\n" for command in steps.values()).encode())
    refused: NotTaken | None = None
    for phase in steps:
        try:
            session.hear(phase, recipient)
        except NotTaken as error:
            refused = refused or error
        else:
            # It waits for a body that has no recipient: what we would say next would be taken for that.
            session.lasts = session.lasts and not (refused and phase is Phase.DATA)
    if refused:
        raise refused


def _steps(session: Session, envelope: Envelope, body: bytes) -> dict[Phase, str]:
    try:
        recipient = envelope_address(envelope.recipient)
    except Refused as refused:
        raise NotTaken(Never(str(refused), hard=True)) from None
    if not re.fullmatch(r"[!-;=?-~]*", envelope.sender):
        raise NotTaken(Stop("The address of the sender is none that can be sent."))
    options = _options(session, recipient, body)
    return {
        Phase.MAIL: f"MAIL FROM:<{envelope.sender}>{options}",
        Phase.RCPT: f"RCPT TO:<{recipient}>",
        Phase.DATA: "DATA",
    }


def _options(session: Session, recipient: str, body: bytes) -> str:
    options = ""
    if "SIZE" in session.can:
        limit = session.can["SIZE"]
        if limit.isdecimal() and 0 < int(limit[:18]) < len(body):
            raise NotTaken(Stop(f"The mail server takes no message of more than {limit[:18]} bytes."))
        options = f" SIZE={len(body)}"
    if "8BITMIME" in session.can and not body.isascii():
        options += " BODY=8BITMIME"
    if recipient.isascii():
        return options
    if "SMTPUTF8" not in session.can:
        raise NotTaken(Never("The mail server takes no address with letters outside ASCII."))
    return f"{options} SMTPUTF8"
