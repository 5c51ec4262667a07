"""Templates hold nothing that a strict content security policy would refuse."""

from collections.abc import Iterator

import pytest

from blog.lib.lastresort import STYLE

from .reading import Element, Markup, broken, templates

DATA_SCRIPTS = {"application/ld+json", "application/json"}
"""Types of script that hold data and never execute."""

ALLOWED = f"<style>{STYLE}</style>"
"""The one style sheet that the policy knows by its hash."""


def refused_by_the_policy(source: str) -> Iterator[str]:
    for element in Markup(source.replace(ALLOWED, "\n" * STYLE.count("\n"))).elements:
        for fault in (*_of_attributes(element), *_of_element(element)):
            yield f"line {element.line}: <{element.tag}> {fault}"


def _of_attributes(element: Element) -> Iterator[str]:
    for name, value in element.attributes.items():
        bare = name.removeprefix("data-")
        if bare.startswith(("on", "hx-on")):
            yield f"has the inline handler {name}"
        if name == "style":
            yield "has a style attribute"
        if value.strip().lower().startswith(("javascript:", "js:")):
            yield f"runs code from {name}"


def _of_element(element: Element) -> Iterator[str]:
    if element.tag == "style":
        yield "is an inline style sheet"
    kind = element.attributes.get("type", "").lower()
    if element.tag == "script" and "src" not in element.attributes and kind not in DATA_SCRIPTS:
        yield "is an inline script"


def test_no_template_has_inline_handlers_styles_or_scripts() -> None:
    # Mail clients know no style sheets: what templates/*/mail/ sends may style itself.
    pages = [path for path in templates() if path.suffix in (".html", ".svg") and "mail" not in path.parts]
    assert broken(pages, refused_by_the_policy) == []


@pytest.mark.parametrize(
    "source",
    [
        '<a onclick="go()">',
        "<p>\n<b {% if x %}ONMOUSEOVER='{{ y }}'{% endif %}>",
        '<form hx-on::after-request="x()">',
        '<form data-hx-on:click="x()">',
        '<p style="color: {{ accent }}">',
        "<style>p {}</style>",
        ALLOWED.replace("33rem", "34rem"),
        "<script>go()</script>",
        '<script nonce="{{ n }}" type="module">go()</script>',
        '<a href=" javascript:go()">',
        '<form hx-vals="js:{a: 1}">',
    ],
)
def test_what_the_policy_refuses_is_seen(source: str) -> None:
    assert len(list(refused_by_the_policy(source))) == 1


def test_the_style_sheet_of_the_last_resort_is_let_in_as_it_is() -> None:
    assert list(refused_by_the_policy(ALLOWED)) == []


def test_script_files_and_data_are_no_inline_scripts() -> None:
    source = '<script src="{{ x }}" defer></script><script type="application/ld+json">{{ graph }}</script>'
    assert list(refused_by_the_policy(source)) == []
