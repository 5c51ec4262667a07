"""The site's one language: its words, dates and numbers."""

from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import flask_babel
from babel.dates import format_date
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import Babel, get_locale, get_timezone, refresh

LANGUAGES = ("en", "de")
"""What Broadsheet speaks; English is in the code, the others in blog/translations."""
_WRITTEN = {"en": "en_001"}
"""English here is the world's: 7 February 2025, not February 7."""
TRANSLATIONS = Path(__file__).resolve().parents[1] / "translations"


def speak(app: Flask, chosen_language: Callable[[], str], time_zone: Callable[[], str]) -> None:
    """Let the application speak the site's language; app.py hands down where the choice is kept."""
    Babel(
        app,
        default_translation_directories=str(TRANSLATIONS),
        locale_selector=chosen_language,
        timezone_selector=time_zone,
    )
    # An import or a command speaks as the site does: outside a request, too, the site's choice counts.
    app.jinja_env.filters.update(day=day, iso=iso, number=number)
    app.jinja_env.globals.update(ngettext=ngettext)


def day(moment: date) -> str:
    """Return the day as the site's language writes it: 7 February 2025."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(_spoken().zone).date()
    return _written_day(moment, _spoken().written)


def iso(moment: date) -> str:
    """Return the moment for `<time datetime>`: a day as a day, a moment in UTC to the second."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat()


def number(value: float) -> str:
    """Return the number as the site's language writes it: 1,234."""
    return format_decimal(value, locale=_spoken().written)


@lru_cache(maxsize=4096)
def _written_day(moment: date, locale: str) -> str:
    return format_date(moment, format="long", locale=locale)


def gettext(words: str, **values: object) -> str:
    """Return the words in the site's language, with `%(name)s` filled in."""
    return str(flask_babel.gettext(words, **values))


def ngettext(one: str, many: str, count: int, **values: object) -> str:
    """Return the words for so many things in the site's language; `%(num)s` is the number, as `number` writes it."""
    words: str = flask_babel.get_domain().get_translations().ungettext(one, many, count)
    return words % ({"num": number(count)} | values)


def language() -> str:
    """Return the language that is being spoken: `en`."""
    return _spoken().language


def language_if_known() -> str:
    """Return the language that this request has spoken, or nothing where it has not said a word."""
    spoken: _Spoken | None = g.get("spoken")
    return spoken.language if spoken else ""


class _Spoken(NamedTuple):
    language: str
    written: str
    zone: tzinfo


def _spoken() -> _Spoken:
    """Return how the site speaks, asked once per request or command."""
    spoken: _Spoken | None = g.get("spoken")
    if spoken is None:
        name = str(get_locale() or "en")
        spoken = g.spoken = _Spoken(name, _WRITTEN.get(name, name), get_timezone())
    return spoken


def speak_anew() -> None:
    """Forget how the site spoke, because the team has just chosen another way."""
    g.pop("spoken", None)
    refresh()
