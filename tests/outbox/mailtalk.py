"""What the mail server of the tests says to one client, and what a test sees of it."""

import base64
import re
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

from blog.lib.mail_settings import MailServer, MailSettings, Security

from .mailline import SECONDS, Line
from .mailscript import Script

OFFERS = ("PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "ENHANCEDSTATUSCODES")


@dataclass(frozen=True)
class Taken:
    """A message that the server took."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    connection: int
    encrypted: bool
    user: str

    @property
    def recipient(self) -> str:
        assert len(self.recipients) == 1
        return self.recipients[0]

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.data, policy=policy.default)

    @property
    def message_id(self) -> str:
        found = re.search(rb"(?im)^message-id:\s*(\S+)", self.data)
        return found[1].decode() if found else ""


@dataclass
class Server:
    """What a test sees of the server, and may change while it runs."""

    port: int
    script: Script = field(default_factory=Script)
    offers: tuple[str, ...] = OFFERS
    certificate: ssl.SSLContext | None = None
    security: Security = Security.NONE
    users: dict[str, str] = field(default_factory=dict)
    """Passwords by name; who signed in with none of them may not send."""
    sign_in: tuple[str, ...] = ("AUTH PLAIN LOGIN",)
    """What is offered where there are users."""
    note: Callable[[Taken], object] = lambda taken: None
    """Told of every message before it is answered."""
    taken: list[Taken] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    """Everything that clients said outside a message, in the order in which it came."""
    in_clear: list[str] = field(default_factory=list)
    """What of that came over a connection without encryption."""
    lines: list[Line] = field(default_factory=list)
    """The connections there were."""
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def connections(self) -> int:
        return len(self.lines)

    @property
    def url(self) -> str:
        return f"{self.security.value}://127.0.0.1:{self.port}"

    def settings(self, host: str = "127.0.0.1", user: str = "", password: str = "") -> MailSettings:
        server = MailServer(host, self.port, self.security, user, password)
        return MailSettings(server, sender=Address("Journal", "letters", "journal.example.org"))

    def wait_for(self, count: int) -> list[Taken]:
        """Return what was taken, as soon as it is so many messages."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.taken) >= count, SECONDS), len(self.taken)
            return list(self.taken)

    def wait_until_closed(self, connection: int) -> bool:
        """Wait until the server has closed this connection, the first being 1."""
        return self.lines[connection - 1].over.wait(SECONDS)

    def heard(self, verb: str) -> list[str]:
        """Return the commands that begin with this word."""
        return [command for command in self.commands if command.upper().startswith(verb)]


class Talk:
    """One client's conversation with the server."""

    def __init__(self, server: Server, line: Line) -> None:
        self.server, self.line = server, line
        self.sender: str | None = None
        self.recipients: list[str] = []

    def go_on(self) -> None:
        """Greet, then answer command after command until the client leaves."""
        self.answer("CONNECT", "220 mail.example.org ESMTP")
        while True:
            command = self.line.read_line()
            self.server.commands.append(command)
            if not self.line.encrypted:
                self.server.in_clear.append(command)
            if self._had_enough():
                self.line.say("421 4.7.0 Enough for this connection")
                self.line.drop()
            getattr(self, f"do_{command.split(' ')[0].lower()}", self.do_unknown)(command)

    def answer(self, place: str, usual: str) -> bool:
        """Answer as the script says, else as usual; tell whether it was the usual answer."""
        action = self.server.script.next_at(place, self.recipients)
        if action is not None:
            action.do(self.line)
        if action is None or not action.answers:
            self.line.say(usual)
            return True
        return False

    def do_unknown(self, command: str) -> None:
        self.line.say("500 5.5.2 What?")

    def do_ehlo(self, command: str) -> None:
        offers = [*self.server.offers]
        if self.server.certificate and not self.line.encrypted:
            offers.append("STARTTLS")
        if self.server.users:
            offers += self.server.sign_in
        lines = ["mail.example.org", *offers]
        usual = "".join(f"250-{line}\n" for line in lines[:-1]) + f"250 {lines[-1]}"
        self.answer("EHLO", usual)

    def do_starttls(self, command: str) -> None:
        if self.server.certificate is None:
            self.line.say("454 4.7.0 TLS is not available")
        elif self.answer("STARTTLS", "220 2.0.0 Go ahead"):
            self.line.encrypt(self.server.certificate)

    def do_auth(self, command: str) -> None:
        words = command.split(" ")
        if words[1].upper() == "LOGIN":
            self.line.say("334 VXNlcm5hbWU6")
            user = base64.b64decode(self._secret()).decode()
            self.line.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self._secret()).decode()
        else:
            _, user, password = base64.b64decode(words[2]).decode().split("\0")
        if self.server.users.get(user) != password:
            self.answer("AUTH", "535 5.7.8 Authentication credentials invalid")
        elif self.answer("AUTH", "235 2.7.0 Welcome"):
            self.line.user = user

    def _secret(self) -> str:
        line = self.line.read_line()
        self.server.commands.append(line)
        if not self.line.encrypted:
            self.server.in_clear.append(line)
        return line

    def _had_enough(self) -> bool:
        most = self.server.script.messages_each
        return most > 0 and self.line.accepted >= most

    def do_mail(self, command: str) -> None:
        self.sender, self.recipients = None, []
        if self.server.users and not self.line.user:
            self.line.say("530 5.7.0 Authentication required")
        elif self.answer("MAIL", "250 2.1.0 Ok"):
            self.sender = command[command.index("<") + 1 : command.index(">")]

    def do_rcpt(self, command: str) -> None:
        if self.sender is None:
            self.line.say("503 5.5.1 MAIL first")
            return
        self.recipients.append(command[command.index("<") + 1 : command.index(">")])
        if not self.answer("RCPT", "250 2.1.5 Ok"):
            self.recipients.pop()

    def do_data(self, command: str) -> None:
        if not self.recipients:
            self.line.say("554 5.5.1 No valid recipients")
        elif self.answer("DATA", "354 Go ahead"):
            early = self.server.script.next_at("BODY", self.recipients)
            if early:
                self.line.read_some_body()
                early.do(self.line)
            self._end(self.line.read_body())

    def _end(self, data: bytes) -> None:
        action = self.server.script.next_at("DOT", self.recipients)
        if action is None or action.takes or not action.answers:
            self._take(data)
        if action is not None:
            action.do(self.line)
        if action is None or not action.answers:
            self.line.say(f"250 2.0.0 Ok: queued as {len(self.server.taken)}")
        self.sender, self.recipients = None, []
        if self._had_enough() and not self.server.script.says_goodbye:
            self.line.drop()

    def _take(self, data: bytes) -> None:
        line = self.line
        taken = Taken(self.sender or "", tuple(self.recipients), data, line.number, line.encrypted, line.user)
        line.accepted += 1
        with self.server.changed:
            self.server.note(taken)
            self.server.taken.append(taken)
            self.server.changed.notify_all()

    def do_rset(self, command: str) -> None:
        self.sender, self.recipients = None, []
        self.answer("RSET", "250 2.0.0 Ok")

    def do_noop(self, command: str) -> None:
        self.answer("NOOP", "250 2.0.0 Ok")

    def do_quit(self, command: str) -> None:
        self.answer("QUIT", "221 2.0.0 Bye")
        self.line.drop()
