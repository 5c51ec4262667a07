"""The two forms of the signup card: one address, and where it was asked for; then the code from the mail."""

import re

from wtforms import StringField
from wtforms.validators import ValidationError

from blog.lib.addresses import Address, address_from
from blog.lib.forms import PublicForm
from blog.lib.words import gettext as _

from .subscribing import Origin


class PlacedForm(PublicForm):
    """A form of a card of which a page may have several; hidden fields come back as they were rendered."""

    place = StringField()

    @property
    def known_place(self) -> str:
        """Return which form of the page it is; made-up names become `page`."""
        place = self.place.data or ""
        return place if re.fullmatch(r"[a-z][a-z0-9-]{0,30}", place) else "page"


class CodeForm(PlacedForm):
    """The code from the mail, under the handle of the request that it confirms."""

    handle = StringField()
    code = StringField()


class SignupForm(PlacedForm):
    """What a visitor posts; none of the hidden fields expires."""

    email = StringField()
    page = StringField()
    wording = StringField()
    website = StringField()
    """The honeypot: people do not see it, so only a program, or an eager autofill, fills it."""
    again = StringField()
    """Sent by the form that comes back after the honeypot; then the honeypot no longer counts."""

    address: Address | None = None

    def validate_email(self, field: StringField) -> None:
        """Parse the address; says what to fix where it is none."""
        if not (field.data or "").strip():
            raise ValidationError(_("Please write your e-mail address."))
        self.address = address_from(field.data or "")
        if self.address is None:
            raise ValidationError(_("Please check the address; it should look like name@example.org."))

    @property
    def caught(self) -> bool:
        """Tell whether the honeypot was filled and the visitor was not asked yet to press once more."""
        return bool(self.website.data) and not self.again.data

    @property
    def origin(self) -> Origin:
        """Return where the form stood, as far as the post says so."""
        page = (self.page.data or "")[:300]
        return Origin(
            page=page if page.startswith("/") and page.isprintable() else "",
            place=self.known_place,
            wording=(self.wording.data or "")[:32],
        )
