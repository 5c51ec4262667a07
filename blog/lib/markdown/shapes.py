"""What goes into a rendering and what comes out of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """One list of candidates: `srcset` is "/media/a.400w.webp 400w, /media/a.800w.webp 800w"."""

    media_type: str
    srcset: str


@dataclass(frozen=True)
class Picture:
    """What a `<picture>` needs; every address is a path of this site, sizes are in pixels."""

    src: str
    width: int
    height: int
    sources: tuple[Source, ...] = ()
    srcset: str = ""


@dataclass(frozen=True)
class Labels:
    """The words that a rendering adds to the author's text; callers pass the translations."""

    note: str = "Note"
    tip: str = "Tip"
    important: str = "Important"
    warning: str = "Warning"
    caution: str = "Caution"
    urgent: str = "Urgent"
    emergency: str = "Emergency"
    footnotes: str = "Footnotes"
    footnote: str = "Footnote {}"
    """{} is the number."""
    back_to_text: str = "Back to the text"
    task_done: str = "Done"
    task_open: str = "To do"
    anchor: str = "Link to “{}”"
    """{} is the heading."""
    table: str = "Table"


ENGLISH = Labels()


@dataclass(frozen=True)
class Heading:
    """A heading of the document's own level (not one inside a quote or a list), for a list of contents."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Rendered:
    """A document for readers: safe HTML, headings in order, plain text for search, count of words."""

    html: str
    headings: tuple[Heading, ...]
    text: str
    words: int
