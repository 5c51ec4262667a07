"""Which Markdown the authors write: CommonMark and GFM, with footnotes, definitions, callouts, figures."""

import re
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from blog.lib.markdown.bare_links import link_bare_addresses
from blog.lib.markdown.callouts import mark_callouts
from blog.lib.markdown.figures import mark_figures, read_credit
from blog.lib.markdown.limits import (
    MAX_NESTING,
    check_source,
    limit_blocks,
    limited_footnote_ref,
    limited_table,
)

SCHEMES = ("http", "https", "mailto", "tel")
"""Where a link may lead beside paths of this site; anything else stays text."""

_CONTROLS = re.compile(r"[\x00-\x20\x7f-\x9f\u200b-\u200f\u2028\u2029\ufeff]")
_ALLOWED = re.compile(rf"(?:{'|'.join(SCHEMES)}):|[^:]*(?:[/?#]|$)", re.IGNORECASE)


def is_allowed_destination(url: str) -> bool:
    """Say whether a destination, entities decoded, has an allowed scheme, or no colon where one would end."""
    # Browsers ignore tabs and newlines anywhere in an address, and controls before it; programs that
    # decode percent signs too early are not to be caught out either.
    return _ALLOWED.match(_CONTROLS.sub("", unquote(url))) is not None


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        return is_allowed_destination(url)


def _make_parser() -> MarkdownIt:
    parser = _Parser(
        "commonmark",
        {
            "html": False,
            "xhtmlOut": False,
            "maxNesting": MAX_NESTING + 2,
            "tasklists": True,
            # Both only for `destinations`: they tell a definition and its uses from a link written in place.
            "inline_definitions": True,
            "store_labels": True,
        },
    )
    parser.enable(["table", "strikethrough"])
    parser.use(footnote_plugin, inline=False).use(deflist_plugin)
    parser.block.ruler.at("table", limited_table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.before("table", "limits", limit_blocks)
    parser.inline.ruler.at("footnote_ref", limited_footnote_ref)
    parser.inline.ruler.push("credit", read_credit)
    parser.core.ruler.after("block", "callouts", mark_callouts)
    parser.core.ruler.push("bare_links", link_bare_addresses)
    parser.core.ruler.push("figures", mark_figures)
    return parser


PARSER = _make_parser()


def parse(source: str) -> list[Token]:
    """Return the document's tokens; raises Refused past the limits."""
    check_source(source)
    return PARSER.parse(source)
