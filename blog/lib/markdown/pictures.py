"""One image as HTML: its sizes known, loaded late, and never from another site."""

import re
from html import escape

from blog.lib.markdown.shapes import Picture

SIZES = "(min-width: 48rem) 42rem, 100vw"
"""How wide a picture stands in the text, for the browser's choice among the candidates."""

_SITE_PATH = re.compile(r"/(?![/\\])[^\s\\]*")
_EXTERNAL = re.compile(r"https?:|//", re.IGNORECASE)


def is_site_path(address: str) -> bool:
    """Say whether an address is a path of this site (not `//host/...`)."""
    return _SITE_PATH.fullmatch(address) is not None


def attributes(**named: str | int | None) -> str:
    """Write attributes in the order given, escaped, without those that are None; `_` is a hyphen."""
    pairs = ((name.strip("_").replace("_", "-"), value) for name, value in named.items() if value is not None)
    return "".join(f' {name}="{escape(str(value))}"' for name, value in pairs)


def link_attributes(href: str, title: str | None = None) -> str:
    """Write the attributes of a link; one that leaves the site tells the other side nothing."""
    rel = "noopener noreferrer" if _EXTERNAL.match(href) else None
    return attributes(href=href, title=title, rel=rel)


def image_html(src: str, alt: str, *, picture: Picture | None, title: str | None, linked: bool) -> str:
    """Return the image, or its words where it would ask another host (`linked`: it stands in a link)."""
    if picture is None and not is_site_path(src):
        words = escape(alt or src)
        return words if linked else f"<a{link_attributes(src)}>{words}</a>"
    if picture is None:
        return _img(src, alt, title)
    sources = "".join(
        f"<source{attributes(type=source.media_type, srcset=source.srcset, sizes=SIZES)}>"
        for source in picture.sources
    )
    return f"<picture>{sources}{_img(picture.src, alt, title, picture)}</picture>"


def _img(src: str, alt: str, title: str | None, picture: Picture | None = None) -> str:
    return (
        "<img"
        + attributes(
            src=src,
            srcset=(picture.srcset or None) if picture else None,
            sizes=SIZES if picture and picture.srcset else None,
            alt=alt,
            title=title,
            width=picture.width if picture else None,
            height=picture.height if picture else None,
            loading="lazy",
            decoding="async",
        )
        + ">"
    )
