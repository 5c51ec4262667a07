"""What every mail has around its own words: the name of the site, the look, the foot; as HTML and as text."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from css_inline import CSSInliner
from flask import current_app

from blog.lib import colour
from blog.lib.canonical import site_url
from blog.outbox.kinds import Letter
from blog.settings import identity


@dataclass(frozen=True)
class Links:
    """The links of one subscriber that a letter shows; absolute addresses."""

    leave: str
    """Also the target of one-click leaving."""
    preferences: str


def letter_from(template: str, **context: Any) -> tuple[str, str]:
    """Return a mail as (html, text), from `newsletter/mail/<template>.html` and `.txt`.

    The HTML is a whole document with its styles inline; what depends on dark mode stays in one `<style>`.
    Works outside a request; reads the site's settings and no other row.
    """
    known = {"mail": _around(), **context}
    return inlined(_rendered(f"{template}.html", known)), tidy(_rendered(f"{template}.txt", known))


def composed(template: str, to: str, subject: str, *, preview: str = "", **context: Any) -> Letter:
    """Return a letter to one person; counted in reports by the template's name."""
    html, text = letter_from(template, subject=subject, preview=preview, **context)
    return Letter(to=to, subject=subject, text=text, html=html, preview=preview, feedback=template)


def composed_for_list(template: str, to: str, subject: str, links: Links, **context: Any) -> Letter:
    """Return a letter to a subscriber, with the links that every such letter shows and the headers of a list."""
    html, text = letter_from(template, subject=subject, links=links, **context)
    return Letter(
        to=to,
        subject=subject,
        text=text,
        html=html,
        preview=context.get("preview", ""),
        one_click=links.leave,
        list_name=identity.title.get(),
        feedback=template,
    )


def inlined(html: str) -> str:
    """Return the document with its styles where mail programs look for them: in the elements."""
    return _inliner().inline(html)


def tidy(text: str) -> str:
    """Return text without spaces at the ends of lines and with at most one empty line in a row."""
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _rendered(name: str, context: dict[str, Any]) -> str:
    # Not render_template: what it adds to every template is for pages, and asks which page was requested.
    return current_app.jinja_env.get_template(f"newsletter/mail/{name}").render(context)


def _around() -> dict[str, str]:
    accent, accent_at_night = colour.accents(identity.accent.get())
    return {
        "title": identity.title.get(),
        "publisher": identity.publisher_name(),
        "postal_address": identity.postal_address.get(),
        "language": identity.language.get(),
        "home": site_url(),
        "accent": accent,
        "accent_at_night": accent_at_night,
    }


@cache
def _inliner() -> CSSInliner:
    # The rules for dark mode cannot be inlined; nothing is ever fetched.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
