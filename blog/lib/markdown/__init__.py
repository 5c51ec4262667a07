"""Markdown becomes safe HTML for readers: `render`, and what a document points at."""

from blog.lib.markdown.as_text import as_text
from blog.lib.markdown.destinations import destinations, rewrite_destinations
from blog.lib.markdown.limits import RefusedAtLine
from blog.lib.markdown.rendering import RENDERER, render
from blog.lib.markdown.shapes import Heading, Labels, Picture, Rendered, Source
from blog.lib.markdown.signs import without_signs

__all__ = [
    "RENDERER",
    "Heading",
    "Labels",
    "Picture",
    "RefusedAtLine",
    "Rendered",
    "Source",
    "as_text",
    "destinations",
    "render",
    "rewrite_destinations",
    "without_signs",
]
