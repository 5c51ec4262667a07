"""What the columns of a list mean: ours, and those that other newsletter products write into their exports."""

import re
from dataclasses import dataclass, field

NAMES = {
    "email": ("email", "email_address", "e_mail", "e_mail_address", "mail", "address"),
    "state": ("state", "status", "type", "subscriber_type", "email_status"),
    "subscribed": ("subscribed_to_emails", "subscribed", "is_subscribed"),
    "disabled": ("email_disabled", "unsubscribed"),
    "deleted": ("deleted_at",),
    "asked_at": ("asked_at", "created_at", "optin_time", "creation_date", "start_date", "subscribed_at",
                 "signup_date", "date_added", "subscription_date"),
    "confirmed_at": ("confirmed_at", "confirm_time", "confirmation_date"),
    "left_at": ("left_at", "unsub_time", "unsubscribed_at", "unsubscription_date", "unsubscribe_date",
                "optout_date"),
    "left": ("unsub_campaign_title", "unsub_campaign_id", "unsub_reason", "unsub_reason_other"),
    "bounced_at": ("clean_time",),
    "bounced": ("clean_campaign_title", "clean_campaign_id"),
    "paused_until": ("paused_until",),
    "topics": ("topics",),
    "basis": ("basis", "consent", "consent_basis"),
}  # fmt: skip
"""Meanings, each with the names it goes by: ours first, then those of Mailchimp, Ghost, Substack, listmonk, Buttondown.

`address` counts only where nothing better is there: in some lists it is where people live.
"""
_MEANINGS = {name: meaning for meaning, names in NAMES.items() for name in names}
LEAVING = ("left_at", "left", "bounced_at", "bounced")
"""Columns that only lists of people who are out have."""
STATES = ("state", "subscribed", "disabled", "deleted")
"""Columns that say how somebody stands."""


@dataclass(frozen=True)
class Columns:
    """Where in a line what is found."""

    count: int
    places: dict[str, list[int]] = field(default_factory=dict)

    def has(self, *meanings: str) -> bool:
        """Tell whether the list has a column with one of these meanings."""
        return any(meaning in self.places for meaning in meanings)

    def cell(self, cells: list[str], meaning: str) -> str:
        """Return what a line says there; of several columns the first that says something."""
        values = (cells[place].strip() for place in self.places.get(meaning, []) if place < len(cells))
        return next((value for value in values if value), "")


def columns_of(header: list[str]) -> Columns | None:
    """Read the names of the columns; None where none is an e-mail address."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(header):
        meaning = _MEANINGS.get(re.sub(r"[^a-z0-9]+", "_", name.strip().lower()).strip("_"))
        if meaning:
            places.setdefault(meaning, []).append(place)
    if "email" not in places:
        return None
    named = [
        re.sub(r"[^a-z0-9]+", "_", header[place].strip().lower()).strip("_") for place in places["email"]
    ]
    better = [place for place, name in zip(places["email"], named, strict=True) if name != "address"]
    places["email"] = (better or places["email"])[:1]
    return Columns(len(header), places)
