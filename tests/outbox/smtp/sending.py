"""What the tests of the conversation have in common: a server, a client of it, a message."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from blog.outbox.smtp import Envelope, Outcome, Refusal
from blog.outbox.smtp.conversation import Conversation
from tests.outbox.mailserver import mail_server
from tests.outbox.mailtalk import Server

MESSAGE = b"Subject: News\r\nMessage-ID: <1@journal.example.org>\r\n\r\nHello.\r\n"


def to(recipient: str, sender: str = "letters@journal.example.org") -> Envelope:
    return Envelope(sender, recipient, "<1@journal.example.org>")


def talking_to(server: Server, *, seconds: float = 20, **login: str) -> Conversation:
    """Return a client of the server that waits no longer than this for anything."""
    settings = server.settings(**login)
    assert settings.server is not None
    return Conversation(settings.server, "journal.example.org", offer_seconds=seconds, finish_seconds=seconds)


@contextmanager
def in_touch(*, seconds: float = 20, **options: Any) -> Iterator[tuple[Server, Conversation]]:
    """Run a server, and a client of it."""
    with mail_server(**options) as server:
        conversation = talking_to(server, seconds=seconds)
        try:
            yield server, conversation
        finally:
            conversation.close()


def send(
    conversation: Conversation, recipient: str = "ann@example.org", message: bytes = MESSAGE
) -> Outcome | Refusal:
    """Send one message; return what became of it."""
    return conversation.offer(to(recipient), message) or conversation.finish()
