"""The Markdown of an issue, as a mail shows it and as its archive page does."""

import re
from dataclasses import dataclass, replace
from html import unescape

from blog.content.links import hidden_targets, without_hidden_links
from blog.content.rendering import PictureOf, kept_pictures, labels
from blog.lib.canonical import absolute
from blog.lib.markdown import Picture, as_text, render, without_signs
from blog.lib.markdown.pictures import is_site_path

COLUMN = 552
"""How wide the text of a mail is, in CSS pixels; the look (templates/_layouts/mail) says the same."""
_SHARP = 2 * COLUMN
"""How wide a picture is made for it, at most: some screens have two pixels for one."""
_PREFIX = "i-"

_WITHIN = re.compile(r'<a href="#[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_WRAPPING = re.compile(r"</?picture>|<source[^>]*>")
_FOR_PAGES = re.compile(r' (?:loading|decoding|tabindex|id|srcset|sizes)="[^"]*"')
_TAG = re.compile(r'<[a-z](?:"[^"]*"|[^">])*>')
_PATH = re.compile(r'\b(href|src)="(/(?!/)[^"]*)"')
_PLAIN = re.compile(r"(\S+) ([0-9]+)w")


@dataclass(frozen=True)
class Body:
    """One text, three times: in a mail, in its text part, on its page of the archive."""

    html: str
    text: str
    archive: str


def body_of(markdown: str) -> Body:
    """Return the text for readers of this moment: links to what they may not see are their words alone.

    Raises Refused for a text that is past the limits of Markdown.
    """
    pictures = kept_pictures()
    archive = without_hidden_links(_rendered(markdown, pictures))
    hidden = hidden_targets([_rendered(markdown, pictures)])
    html = without_hidden_links(_rendered(markdown, lambda src: mail_picture(pictures(src))))
    text = as_text(markdown, address=lambda href: _address(href, hidden), labels=labels())
    return Body(_for_mail(html), text, archive)


def mail_picture(picture: Picture | None, tallest: int = 2 * COLUMN) -> Picture | None:
    """Return the picture in one size that every mail program shows, as wide as the column at most, and not taller."""
    if picture is None:
        return None
    sizes = sorted((int(width), src) for src, width in _PLAIN.findall(picture.srcset))
    fitting = [src for width, src in sizes if width <= _SHARP * 1.1]
    scale = min(1, COLUMN / picture.width, tallest / picture.height)
    return replace(
        picture,
        src=fitting[-1] if fitting else picture.src,
        width=max(1, round(picture.width * scale)),
        height=max(1, round(picture.height * scale)),
        sources=(),
        srcset="",
    )


def _rendered(markdown: str, picture_of: PictureOf) -> str:
    return render(markdown, prefix=_PREFIX, picture=picture_of, labels=labels()).html


def _for_mail(html: str) -> str:
    """Return rendered HTML without what only a page can do, and with absolute addresses."""
    # Links within the text are left out: most mail programs follow none of them.
    plain = _WRAPPING.sub("", _WITHIN.sub(r"\1", without_signs(html)))
    return _TAG.sub(lambda tag: _PATH.sub(_made_absolute, _FOR_PAGES.sub("", tag[0])), plain)


def _made_absolute(found: re.Match[str]) -> str:
    return f'{found[1]}="{absolute(found[2])}"'


def _address(href: str, hidden: set[str]) -> str:
    path = re.split(r"[#?]", href)[0]
    if href.startswith("#") or path in {unescape(target) for target in hidden}:
        return ""
    return absolute(href) if is_site_path(href) else href
