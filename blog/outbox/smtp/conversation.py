"""Handing messages to a mail server, the final dot of each kept back until the ledger has said "delivering"."""

import ssl
import time
from contextlib import suppress

from blog.lib.mail_settings import MailServer

from .envelope import Envelope, stuffed
from .handover import end, hand_over
from .outcomes import InDoubt, Later, Never, Outcome, Refusal, Sent, Stop, tidy
from .session import NotTaken, Session, open_session
from .wire import Lost

OFFER_SECONDS = 60.0
"""For all before the final dot, connecting included."""
FINISH_SECONDS = 120.0
"""For the answer to the final dot: what comes too late leaves the message in doubt."""
LEAVE_SECONDS = 2.0
IN_A_ROW = 3
"""So many messages refused one after the other, and none of them for a dead address, are no accident."""


class Conversation:
    """Carries messages to one server, on one connection for as long as it lasts."""

    def __init__(
        self,
        server: MailServer,
        hello: str,
        *,
        offer_seconds: float = OFFER_SECONDS,
        finish_seconds: float = FINISH_SECONDS,
    ) -> None:
        self._server = server
        self._hello = hello
        self._offer_seconds = offer_seconds
        self._finish_seconds = finish_seconds
        self._session: Session | None = None
        self._offered: Envelope | None = None
        self._refused = 0
        self._trust: ssl.SSLContext | None = None

    def greet(self) -> Later | Stop | None:
        """Connect and sign in, where that is not done; return why not, else None."""
        try:
            self._connected(time.monotonic() + self._offer_seconds)
        except Lost as lost:
            return Later(str(lost), everyone=True)
        except NotTaken as refused:
            outcome = refused.outcome
            return outcome if isinstance(outcome, Later) else Stop(outcome.reason, outcome.code)
        return None

    def offer(self, envelope: Envelope, message: bytes) -> Refusal | None:
        """Hand over all but the final dot; return why not, else None."""
        if self._offered:
            self.abandon()
        return self._offer(envelope, stuffed(message), time.monotonic() + self._offer_seconds)

    def _offer(self, envelope: Envelope, body: bytes, deadline: float) -> Refusal | None:
        kept = self._session is not None
        try:
            hand_over(self._connected(deadline), envelope, body)
        except NotTaken as refused:
            if self._session is not None and not self._session.lasts:
                self.abandon()
            return self._judged(refused.outcome)
        except Lost as lost:
            reached = self._session is not None
            self.abandon()
            if kept:  # servers close a connection after some messages or minutes: no fault of this message
                return self._offer(envelope, body, deadline)
            return Later(str(lost), everyone=not reached)
        self._offered = envelope
        return None

    def finish(self) -> Outcome:
        """Send the final dot; return what became of the message."""
        session, envelope = self._session, self._offered
        if session is None or envelope is None:
            raise RuntimeError("Nothing was offered that could be finished.")
        self._offered = None
        session.wire.deadline = time.monotonic() + self._finish_seconds
        outcome = end(session, envelope.recipient)
        if not session.lasts:
            self.abandon()
        if isinstance(outcome, Sent):
            self._refused = 0
            return outcome
        return outcome if isinstance(outcome, InDoubt) else self._judged(outcome)

    def abandon(self) -> None:
        """Drop the connection, so that the server takes nothing of what was offered."""
        if self._session is not None:
            self._session.wire.drop()
        self._session = self._offered = None

    def close(self) -> None:
        """Take leave of the server; what was offered and not finished is dropped."""
        if self._session is None or self._offered:
            self.abandon()
            return
        wire, self._session = self._session.wire, None
        wire.deadline = time.monotonic() + LEAVE_SECONDS
        with suppress(Lost):
            wire.send(b"QUIT\r\n")
            wire.reply()
        wire.close()

    def _connected(self, deadline: float) -> Session:
        if self._session is None:
            # Reading whom this system trusts takes longer than a message; after a failure it is read anew.
            trust, self._trust = self._trust or ssl.create_default_context(), None
            self._session = open_session(self._server, self._hello, deadline, trust)
            self._trust = trust
        self._session.wire.deadline = deadline
        return self._session

    def _judged(self, refusal: Refusal) -> Refusal:
        """Return the refusal, or Stop where too many came in a row to be their recipients' own."""
        if not isinstance(refusal, Never) or refusal.hard or not refusal.code:
            return refusal
        self._refused += 1
        if self._refused < IN_A_ROW:
            return refusal
        self._refused = 0
        return Stop(tidy(f"{IN_A_ROW} messages in a row were refused: {refusal.reason}"), refusal.code)
