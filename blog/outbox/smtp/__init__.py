"""Handing messages to whoever carries them away: a mail server, or a folder."""

from .carrying import Carrier, carrier_for
from .envelope import Envelope
from .outcomes import InDoubt, Later, Never, Outcome, Refusal, Sent, Stop

__all__ = [
    "Carrier",
    "Envelope",
    "InDoubt",
    "Later",
    "Never",
    "Outcome",
    "Refusal",
    "Sent",
    "Stop",
    "carrier_for",
]
