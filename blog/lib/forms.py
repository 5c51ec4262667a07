"""Forms on public pages: no session, no token, no cookie; a page from last week still works."""

from typing import Any

from flask import current_app, request
from flask_wtf import FlaskForm
from wtforms.csrf.core import CSRF
from wtforms.fields.core import UnboundField
from wtforms.form import BaseForm


class SameOrigin(CSRF):
    """Guards a form by where the post came from, which browsers say themselves.

    Instantiating a form with Flask-WTF's own guard sets a session cookie, even where no token is shown.
    """

    def setup_form(self, form: BaseForm) -> "list[tuple[str, UnboundField[Any]]]":  # noqa: ARG002 (its signature)
        """Add no field: there is no token."""
        return []


class PublicForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that anyone may post from one of our own pages, however old."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """Guards the form without a session."""

        csrf_class = SameOrigin

        def wrap_formdata(self, form: BaseForm, formdata: object) -> object:  # noqa: ARG002 (its signature)
            """Read what a form of ours sends, which is text: neither JSON nor a file may stand for a field."""
            return request.form


def is_foreign() -> bool:
    """Tell whether the browser says that this post comes from another site.

    `Sec-Fetch-Site` decides where it is sent, else `Origin`; a post with neither is taken.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site != "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin.lower() != _own_origin()


def _own_origin() -> str:
    ours: str = current_app.config["SITE_URL"] or request.host_url
    return ours.rstrip("/").lower()
