"""What carries messages away, whichever way: the ledger knows this and nothing of sockets or files."""

from pathlib import Path
from typing import Protocol

from blog.lib.mail_settings import MailSettings

from .conversation import Conversation
from .envelope import Envelope
from .folder import Folder
from .outcomes import Later, Outcome, Refusal, Stop


class Carrier(Protocol):
    """Carries one message after the other; belongs to one thread. No method raises for what a server does."""

    def greet(self) -> Later | Stop | None:
        """Be ready, connected and signed in, without sending anything; return why not, else None."""

    def offer(self, envelope: Envelope, message: bytes) -> Refusal | None:
        """Hand over all but the final dot, connecting first where need be.

        Return why not; None says that `finish` or `abandon` must follow.
        """

    def finish(self) -> Outcome:
        """Send the final dot; from its first byte on the message may have arrived."""

    def abandon(self) -> None:
        """Drop what was offered, so that the server takes nothing of it."""

    def close(self) -> None:
        """Take leave of the server; the next offer connects anew."""


def carrier_for(mail: MailSettings, instance: Path) -> Carrier:
    """Return what carries mail by these settings; connects with the first message, not before."""
    if mail.server is None:
        return Folder(instance / mail.folder)
    return Conversation(mail.server, mail.sender.domain)
