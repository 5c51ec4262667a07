"""Mails with a fresh link that is good once: to change the address, to download or to erase what is kept."""

from blog.lib.words import gettext as _
from blog.newsletter.models import Purpose
from blog.outbox.kinds import Letter
from blog.settings import identity

from .shell import composed


def access(to: str, purpose: Purpose, *, link: str) -> Letter:
    """Return the mail with the link for this purpose; that to confirm a new address goes to the new one."""
    subject, says, does = _words(purpose, identity.title.get())
    return composed("access", to, subject, says=says, does=does, link=link)


def _words(purpose: Purpose, site: str) -> tuple[str, str, str]:
    """Return the subject, what was asked for, and what the link leads to."""
    if purpose is Purpose.ADDRESS:
        return _("A new address for your subscription"), _of_allowing(site), _("Go to the change")
    if purpose is Purpose.MOVE:
        return _("Confirm your new address"), _of_address(site), _("Confirm the address")
    if purpose is Purpose.DOWNLOAD:
        return _("Download what we hold about you"), _of_download(site), _("Go to the download")
    if purpose is Purpose.ERASE:
        return _("Erase what we hold about you"), _of_erasing(site), _("Go to erasing")
    raise ValueError(f"No mail is written for the purpose {purpose}.")


def _of_allowing(site: str) -> str:
    return _(
        "Somebody, most likely you, asked that the newsletter of %(site)s come to another address instead of "
        "this one. Open the link to allow it.",
        site=site,
    )


def _of_address(site: str) -> str:
    return _(
        "Somebody, most likely you, asked that the newsletter of %(site)s come to this address from now on. "
        "Open the link to confirm it.",
        site=site,
    )


def _of_download(site: str) -> str:
    return _(
        "Somebody, most likely you, asked for everything that the newsletter of %(site)s holds about this "
        "address. Open the link to download it.",
        site=site,
    )


def _of_erasing(site: str) -> str:
    return _(
        "Somebody, most likely you, asked that the newsletter of %(site)s forget this address. Open the link to "
        "see what is erased, and to confirm it.",
        site=site,
    )
