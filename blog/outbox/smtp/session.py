"""Coming to terms with a mail server: connected, encrypted, signed in, and what it can do."""

import base64
import re
import ssl

from blog.lib.mail_settings import MailServer, Security

from .outcomes import Later, Refusal, Stop
from .sorting import Phase, refusal
from .wire import Lost, Reply, Wire, connect

CLOSING = 421
"""The answer of a server that closes the connection, whatever was asked."""


class NotTaken(Exception):  # noqa: N818 (reads as what it says)
    """The server's answer ends this try."""

    def __init__(self, outcome: Refusal) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Session:
    """A connection on which messages can be offered."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.begun = False
        """A message was begun and not ended: the next one needs a RSET before it."""
        self.lasts = True
        """More can be said on it."""
        self.can: dict[str, str] = {}
        """What the server offers, by keyword in capitals, with what stands behind it."""

    def ask(self, phase: Phase, command: str) -> Reply:
        """Say a line and return the answer where it lets us go on. Raises NotTaken or Lost."""
        self.wire.send(f"{command}\r\n".encode())
        return self.hear(phase)

    def hear(self, phase: Phase, recipient: str = "") -> Reply:
        """Return the next answer where it lets us go on. Raises NotTaken or Lost."""
        reply = self.wire.reply()
        outcome = refusal(phase, reply, recipient)
        if outcome is None:
            return reply
        if reply.code == CLOSING:  # which says nothing about a message
            raise Lost(outcome.reason)
        raise NotTaken(outcome)

    def hello(self, name: str) -> None:
        """Introduce ourselves and note what the server can do."""
        reply = self.ask(Phase.EHLO, f"EHLO {name}")
        words = (line.partition(" ") for line in reply.lines[1:])
        self.can = {keyword.upper(): rest.upper() for keyword, _, rest in words}


def open_session(server: MailServer, name: str, deadline: float, trust: ssl.SSLContext) -> Session:
    """Connect, encrypt and sign in as the settings say; `trust` checks certificates. Raises NotTaken or Lost."""
    if server.user and server.security is Security.NONE:  # settings refuse it, too
        raise NotTaken(Stop("A password never goes over a connection without encryption; nothing was sent."))
    session = Session(connect(server.host, server.port, deadline))
    try:
        if server.security is Security.TLS:
            _encrypt(session, server, trust)
        session.hear(Phase.BANNER)
        session.hello(name)
        if server.security is Security.STARTTLS:
            _start_tls(session, server, trust)
            session.hello(name)
        if server.user:
            _sign_in(session, server)
    except (Lost, NotTaken):
        session.wire.drop()
        raise
    return session


def _start_tls(session: Session, server: MailServer, trust: ssl.SSLContext) -> None:
    if "STARTTLS" not in session.can:
        raise NotTaken(
            Stop(
                f"The mail server {server} offers no encryption, which smtp:// requires: somebody may stand between, "
                "or it is the wrong port; nothing was sent to it."
            )
        )
    session.ask(Phase.STARTTLS, "STARTTLS")
    _encrypt(session, server, trust)


def _encrypt(session: Session, server: MailServer, trust: ssl.SSLContext) -> None:
    try:
        session.wire.encrypt(trust, server.host)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        raise NotTaken(
            Stop(
                f"The certificate of the mail server {server} is not to be trusted: {why}; nothing was sent to it."
            )
        ) from None
    except ssl.SSLError as error:
        why = (error.reason or "no agreement").replace("_", " ").lower()
        if error.reason in ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"):
            raise NotTaken(
                Stop(
                    f"The mail server {server} does not speak TLS from the start: is it smtp:// instead of smtps://?"
                )
            ) from None
        raise NotTaken(
            Later(f"The mail server {server} and we found no way to encrypt: {why}.", everyone=True)
        ) from None


def _sign_in(session: Session, server: MailServer) -> None:
    ways = session.can.get("AUTH", "").split()
    if "PLAIN" in ways:
        secret = _encoded(f"\0{server.user}\0{server.password}")
        session.ask(Phase.AUTH, f"AUTH PLAIN {secret}")
    elif "LOGIN" in ways:
        session.ask(Phase.USER, "AUTH LOGIN")
        session.ask(Phase.USER, _encoded(server.user))
        session.ask(Phase.AUTH, _encoded(server.password))
    else:
        offered = re.sub(r"[^A-Z0-9 _-]", "", " ".join(ways)) or "none"
        raise NotTaken(
            Stop(
                f"The mail server {server} offers no way to sign in that we know (PLAIN, LOGIN); it offers: {offered}."
            )
        )


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
