"""Mails about signing up: please confirm, you are in already, welcome. They carry nothing that a visitor typed."""

from blog.lib.words import gettext as _
from blog.outbox.kinds import Letter
from blog.settings import identity

from .shell import Links, composed, composed_for_list


def confirmation(to: str, *, code: str, link: str) -> Letter:
    """Return the mail that asks to confirm: a code of 6 digits, and an absolute link."""
    subject = _("Confirm your subscription to %(site)s", site=identity.title.get())
    preview = _("Your code is %(code)s.", code=f"{code[:3]} {code[3:]}")
    return composed("confirmation", to, subject, preview=preview, code=code, link=link)


def already(to: str, *, links: Links) -> Letter:
    """Return the short mail to an address that asked again although it is confirmed."""
    subject = _("You are subscribed to %(site)s", site=identity.title.get())
    return composed("already", to, subject, links=links)


def welcome(to: str, *, links: Links) -> Letter:
    """Return the mail that follows a confirmation."""
    subject = _("Welcome to %(site)s", site=identity.title.get())
    return composed_for_list("welcome", to, subject, links)
