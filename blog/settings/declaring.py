"""How a feature declares a setting, and how its value is read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import g
from sqlalchemy import select

from blog.lib.db import db
from blog.lib.edition import per_edition
from blog.lib.prepared import Prepared
from blog.lib.refusing import Refused

from .models import StoredSetting

DECLARED: dict[str, "Setting"] = {}
_STORED = Prepared(select(StoredSetting.key, StoredSetting.value), lambda key, value: (key, value))
_listeners: list[Callable[[], None]] = []


@dataclass(frozen=True)
class Setting:
    """One setting of the site: its key, its default, what it is for, and what it accepts.

    `parse` turns what a person typed into the value that is kept; it raises Refused with a sentence.
    """

    key: str
    default: str
    about: str
    parse: Callable[[str], str] = str.strip

    def __post_init__(self) -> None:
        """Enter the setting in the register of all settings."""
        if self.key in DECLARED:
            raise RuntimeError(f"The setting {self.key} is declared twice.")
        DECLARED[self.key] = self

    def get(self) -> str:
        """Return what the team chose, or the default."""
        value: str = _chosen().get(self.key, self.default)
        return value


def one_of(*values: str) -> Callable[[str], str]:
    """Return a parser that accepts these values and no other."""

    def parse(typed: str) -> str:
        if typed.strip() not in values:
            raise Refused(f"“{typed.strip()}” is not possible here; choose one of {', '.join(values)}.")
        return typed.strip()

    return parse


def whole_number(least: int, most: int) -> Callable[[str], str]:
    """Return a parser that accepts a whole number from `least` to `most`."""

    def parse(typed: str) -> str:
        value = typed.strip()
        if not (value.isascii() and value.isdigit() and len(value) < 10 and least <= int(value) <= most):
            raise Refused(f"Write a whole number from {least} to {most}.")
        return str(int(value))

    return parse


@per_edition
def _stored() -> dict[str, Any]:
    return dict(_STORED.all())


def _chosen() -> dict[str, Any]:
    """Return all chosen settings, read once per request or command."""
    if "settings" not in g:
        g.settings = _stored()
    chosen: dict[str, Any] = g.settings
    return chosen


def when_changed(keep: Callable[[], None]) -> None:
    """Call this after every change of a setting, in the same transaction; app.py hands it down."""
    if keep not in _listeners:
        _listeners.append(keep)


def choose(key: str, typed: str) -> str:
    """Keep the team's choice for a declared setting and return it as it is kept."""
    setting = DECLARED.get(key)
    if setting is None:
        raise Refused(f"There is no setting “{key}”; the command `settings` lists those there are.")
    if not typed.isascii() and any(0xD800 <= ord(letter) <= 0xDFFF for letter in typed):
        raise Refused(f"What was given for {key} is not text in UTF-8.")
    value = setting.parse(typed)
    db.session.merge(StoredSetting(key=key, value=value))
    db.session.flush()  # prepared questions read what the database holds, not what the session remembers
    g.pop("settings", None)
    for keep in _listeners:
        keep()
    return value
