"""The deeds of a subscriber in words, for the record that they read themselves."""

from blog.lib.words import gettext as _

from .models import Consent, Deed, Method


def in_words(deed: Consent) -> str:
    """Return what was done, and by which way, in the site's language."""
    if deed.deed is Deed.CONFIRMED:
        return _confirmed(deed.method)
    if deed.deed is Deed.LEFT:
        return _left(deed.method)
    return {
        Deed.ASKED: _("Asked for the newsletter"),
        Deed.IMPORTED: _("Brought over from another list"),
        Deed.CAME_BACK: _("Took leaving back"),
        Deed.CHANGED_ADDRESS: _("Changed the address"),
        Deed.ERASED: _("Erased"),
    }[deed.deed]


def _confirmed(method: Method | None) -> str:
    return {
        Method.CODE: _("Confirmed with the code from the mail"),
        Method.SAME_BROWSER: _("Confirmed by the link in the mail, in the browser that asked"),
        Method.BUTTON: _("Confirmed by the button that the link in the mail led to"),
    }.get(method or Method.PAGE, _("Confirmed"))


def _left(method: Method | None) -> str:
    return {
        Method.PAGE: _("Left by the button of this site"),
        Method.ONE_CLICK: _("Left by the button of the mail program"),
        Method.BOUNCE: _("Taken out, because letters came back"),
        Method.COMPLAINT: _("Taken out, because a letter was reported as unwanted"),
        Method.TEAM: _("Taken out by the team"),
        Method.IMPORT: _("Had left the list that was brought over"),
    }.get(method or Method.CODE, _("Left"))
