"""Tokens become HTML in this product's own shapes: figures, callouts, anchors, footnotes, task lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote

from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from blog.lib.markdown.headings import slug_of
from blog.lib.markdown.pictures import attributes, image_html, link_attributes
from blog.lib.markdown.plain import inline_text
from blog.lib.markdown.shapes import Labels

MAX_EMPHASIS = 12
"""Emphasis inside emphasis, past which marks say nothing and only burden the browser."""

_EMPHASIS = ("em_open", "em_close", "strong_open", "strong_close", "s_open", "s_close")
_LANGUAGE = re.compile(r"[a-z0-9+#.-]{1,30}")

_Tokens = Sequence[Token]


@dataclass(frozen=True)
class Context:
    """What one rendering knows beside its tokens."""

    prefix: str
    labels: Labels
    anchors: frozenset[str]
    """The anchors of its headings, without the prefix."""
    references: frozenset[tuple[int, int]]
    """The footnote references that stand in its text: which note, which of its references."""


def write(tokens: list[Token], options: OptionsDict, context: Context) -> str:
    """Return the HTML of the tokens."""
    return _WRITER.render(tokens, options, {"context": context})


class _Writer(RendererHTML):
    """One method per kind of token that is not written as markdown-it would."""

    def renderInline(self, tokens: _Tokens, options: OptionsDict, env: EnvType) -> str:  # noqa: N802 (the library's name)
        shown: list[Token] = []
        links = 0
        for token in tokens:
            links += {"link_open": 1, "link_close": -1}.get(token.type, 0)
            if links:
                token.meta["linked"] = True
            if token.type not in _EMPHASIS or token.level < MAX_EMPHASIS:
                shown.append(token)
        return super().renderInline(shown, options, env)

    def definition(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return ""

    def heading_close(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        anchor, text = tokens[idx].meta["anchor"], tokens[idx].meta["text"]
        label = _context(env).labels.anchor.replace("{}", text)
        link = attributes(class_="anchor", href=f"#{anchor}", aria_label=label)
        return f" <a{link}>#</a></{tokens[idx].tag}>\n"

    def link_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        href = str(tokens[idx].attrs.get("href", ""))
        title = tokens[idx].attrs.get("title")
        context = _context(env)
        if href.startswith("#") and (anchor := slug_of(unquote(href[1:]))) in context.anchors:
            href = f"#{context.prefix}{anchor}"
        return f"<a{link_attributes(href, None if title is None else str(title))}>"

    def image(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        token = tokens[idx]
        title = None if token.meta.get("figure") else token.attrs.get("title")
        return image_html(
            str(token.attrs["src"]),
            inline_text(token.children).strip(),
            picture=token.meta["picture"],
            title=None if title is None else str(title),
            linked=bool(token.meta.get("linked")),
        )

    def figure_open(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return '<figure class="figure">'

    def figure_close(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        image = (tokens[idx - 1].children or [])[0]
        caption, credit = str(image.attrs.get("title") or "").strip(), str(image.meta.get("credit", ""))
        parts = [escape(caption)] if caption else []
        if credit:
            parts.append(f'<span class="credit">{escape(credit)}</span>')
        return f"<figcaption>{' '.join(parts)}</figcaption></figure>\n" if parts else "</figure>\n"

    def callout_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        kind = tokens[idx].info
        title = escape(str(getattr(_context(env).labels, kind)))
        return f'<div class="callout callout--{kind}" role="note">\n<p class="callout__title">{title}</p>\n'

    def table_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        # A section with a name is a region; one that scrolls must be reached by keyboard.
        region = attributes(class_="table", tabindex=0, aria_label=str(tokens[idx].meta["label"]))
        return f"<section{region}>\n<table>\n"

    def table_close(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return "</table>\n</section>\n"

    def bullet_list_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return '<ul class="tasks">\n' if "class" in tokens[idx].attrs else "<ul>\n"

    def list_item_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        if "checked" not in tokens[idx].meta:
            return "<li>"
        labels = _context(env).labels
        done = bool(tokens[idx].meta["checked"])
        state, label, sign = ("done", labels.task_done, "☑") if done else ("open", labels.task_open, "☐")
        mark = attributes(class_=f"task__mark task__mark--{state}", role="img", aria_label=label)
        return f'<li class="task"><span{mark}>{sign}</span><div class="task__text">'

    def list_item_close(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return "</div></li>\n" if "checked" in tokens[idx].meta else "</li>\n"

    def fence(self, tokens: _Tokens, idx: int, _options: OptionsDict, _env: EnvType) -> str:
        words = tokens[idx].info.lower().split()
        language = f"language-{words[0]}" if words and _LANGUAGE.fullmatch(words[0]) else None
        code = f"<code{attributes(class_=language)}>{escape(tokens[idx].content)}</code>"
        # A long line scrolls, so the keyboard must reach it.
        return f'<pre tabindex="0">{code}</pre>\n'

    def code_block(self, tokens: _Tokens, idx: int, options: OptionsDict, env: EnvType) -> str:
        return self.fence(tokens, idx, options, env)

    def footnote_ref(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        context, number = _context(env), tokens[idx].meta["id"] + 1
        link = attributes(
            href=f"#{context.prefix}note_{number}",
            role="doc-noteref",
            aria_label=context.labels.footnote.replace("{}", str(number)),
        )
        place = attributes(class_="footnote-ref", id=_reference_id(context, tokens[idx]))
        return f"<sup{place}><a{link}>{number}</a></sup>"

    def footnote_block_open(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, env: EnvType) -> str:
        title = escape(_context(env).labels.footnotes)
        return f'<div class="footnotes">\n<p class="footnotes__title">{title}</p>\n<ol>\n'

    def footnote_block_close(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return "</ol>\n</div>\n"

    def footnote_open(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        number = tokens[idx].meta["id"] + 1
        return f"<li{attributes(id=f'{_context(env).prefix}note_{number}')}>"

    def footnote_close(self, _tokens: _Tokens, _idx: int, _options: OptionsDict, _env: EnvType) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: _Tokens, idx: int, _options: OptionsDict, env: EnvType) -> str:
        context, meta = _context(env), tokens[idx].meta
        if (meta["id"], meta["subId"]) not in context.references:
            return ""
        label = (
            f"{context.labels.back_to_text} {meta['subId'] + 1}"
            if meta["subId"]
            else context.labels.back_to_text
        )
        link = attributes(
            class_="footnote-back",
            href=f"#{_reference_id(context, tokens[idx])}",
            role="doc-backlink",
            aria_label=label,
        )
        # The second sign keeps phones from drawing an emoji.
        return f" <a{link}>↩\ufe0e</a>"


def _context(env: EnvType) -> Context:
    context: Any = env["context"]
    assert isinstance(context, Context)  # noqa: S101 (tells the type checker what `write` put there)
    return context


def _reference_id(context: Context, token: Token) -> str:
    """Return the id of a footnote's reference; the underscore keeps it apart from every heading's anchor."""
    return f"{context.prefix}ref_{token.meta['id'] + 1}_{token.meta['subId'] + 1}"


_WRITER = _Writer()
