"""What can become of a message that was handed to a mail server: five things, and no sixth."""

import re
from dataclasses import dataclass

LONGEST_REASON = 300


@dataclass(frozen=True)
class Sent:
    """The server took it."""

    reason: str
    """Its answer, as `tidy` leaves it: printable, short, without an address."""
    code: str = ""
    """The enhanced status code such as 5.1.1 where the server gave one, else its three digits, else nothing."""


@dataclass(frozen=True)
class Later:
    """Nothing was taken; another try may succeed."""

    reason: str
    code: str = ""
    everyone: bool = False
    """No other message would fare better now, as when the server cannot be reached."""


@dataclass(frozen=True)
class Never:
    """Nothing was taken, and nothing will be, for this recipient alone."""

    reason: str
    code: str = ""
    hard: bool = False
    """The address itself is dead; where it is not, as with a policy, nobody may be suppressed for it."""


@dataclass(frozen=True)
class Stop:
    """Nothing was taken: the server refuses us, not a recipient, and a person must see to it."""

    reason: str
    code: str = ""


@dataclass(frozen=True)
class InDoubt:
    """The final dot went out and no answer came back: perhaps it was taken."""

    reason: str
    code: str = ""


Refusal = Later | Never | Stop
Outcome = Sent | Later | Never | Stop | InDoubt


def tidy(text: str, recipient: str = "") -> str:
    """Return what a server said in a form that may be kept: one printable line, short, and without any address."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    line = re.sub(r"\S*(?:@|%40)\S*", "[address]", line)
    local = recipient.rpartition("@")[0]
    if len(local) > 2:  # some servers name the mailbox without its domain
        line = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "[address]", line, flags=re.IGNORECASE)
    return line[:LONGEST_REASON]
