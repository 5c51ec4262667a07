"""Who the site is: title, language, time zone, colour, publisher."""

import re
from zoneinfo import ZoneInfo, available_timezones

from blog.lib import colour
from blog.lib.addresses import address_from
from blog.lib.refusing import Refused
from blog.lib.words import LANGUAGES

from .declaring import Setting, one_of


def _one_line(typed: str) -> str:
    value = " ".join(typed.split())
    if len(value) > 200:
        raise Refused("This is too long: at most 200 characters.")
    return value


def _some_line(typed: str) -> str:
    value = _one_line(typed)
    if not value:
        raise Refused("This cannot be empty.")
    return value


def _time_zone(typed: str) -> str:
    if typed.strip() in available_timezones():
        return typed.strip()
    raise Refused(f"“{typed.strip()}” is not a time zone; write one such as Europe/Berlin.")


def _contact(typed: str) -> str:
    value = typed.strip()
    if value and not re.fullmatch(r"(mailto:|https://)[^\s]+", value):
        raise Refused("Write mailto: and an address, or an address that starts with https://.")
    return value


def _address(typed: str) -> str:
    value = typed.strip()
    if value and not (value.isascii() and address_from(value)):
        raise Refused(f"“{value}” is not an e-mail address in ASCII letters.")
    return value


def _accent(typed: str) -> str:
    value = typed.strip().lower()
    if not re.fullmatch(r"#[0-9a-f]{6}", value):
        raise Refused("Write the colour as #rrggbb, for example #0b5a5e.")
    colour.accents(value)
    return value


title = Setting("site.title", "Broadsheet", "The name of the site, on every page.", _some_line)
tagline = Setting("site.tagline", "", "One line under the title.", _one_line)
language = Setting(
    "site.language", "en", f"The site's one language: {', '.join(LANGUAGES)}.", one_of(*LANGUAGES)
)
time_zone = Setting("site.time_zone", "UTC", "Where midnight is, for dates without a time.", _time_zone)
accent = Setting("site.accent", "#0b5a5e", "The one colour of links and buttons, as #rrggbb.", _accent)
publisher = Setting("site.publisher", "", "Who publishes the site; default: its title.", _one_line)
postal_address = Setting(
    "site.postal_address", "", "The team's postal address; without it no issue is sent.", _one_line
)
notice = Setting("site.notice", "", "A sentence at the foot of every page.", _one_line)
description = Setting(
    "site.description", "", "One sentence for search engines about the whole site.", _one_line
)


security_contact = Setting(
    "site.security_contact", "", "Where to report a weakness: mailto:... or https://...", _contact
)
reply_to = Setting(
    "mail.reply_to", "", "Where answers to mails go; default: to their sender, BLOG_MAIL_FROM.", _address
)


def publisher_name() -> str:
    """Return who publishes the site and sends its newsletter."""
    return publisher.get() or title.get()


def zone() -> ZoneInfo:
    """Return the site's time zone."""
    return ZoneInfo(time_zone.get())
