"""Every word that a reader sees goes through gettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from .reading import PACKAGE, Markup, assets, broken, imported, name_of, resolved, templates, without_jinja

NAMES = {"Atom", "Broadsheet", "DOI", "JSON", "Markdown", "ORCID", "PMID", "PubMed", "RSS", "doi"}
"""Proper names, the same in every language."""

ALONE = {
    f"templates/site/errors/{status}.{language}.html" for status in (500, 503) for language in ("en", "de")
}
"""The page for when nothing works, gettext included: it is the file itself, one for each language."""

READ_ALOUD = {"alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "label"}
READ_ALOUD |= {"placeholder", "title"}
MACHINE_METAS = {
    "color-scheme",
    "format-detection",
    "generator",
    "htmx-config",
    "og:locale",
    "og:type",
    "referrer",
    "robots",
}
MACHINE_METAS |= {"theme-color", "twitter:card", "viewport"}

GETTEXT = {"_", "gettext", "ngettext", "npgettext", "pgettext"}
GETTEXT |= {f"lazy_{name}" for name in GETTEXT}

FACES = ("articles", "faq", "newsletter", "pages", "people", "search", "site")
SPEAKS_FIRST = {"Refused", "flash", "StopValidation", "ValidationError", "DataRequired", "InputRequired"}
SPEAKS_BY_NAME = {"description", "label", "message", "placeholder"}

_JINJA = Environment(
    autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
)


def has_words(text: str) -> bool:
    return any(word not in NAMES for word in re.findall(r"[^\W\d_]+", text))


def words_in_markup(source: str) -> Iterator[str]:
    """Yield the words of a template that stand outside Jinja: in its text, and where they are read aloud."""
    markup = Markup(source)
    spoken = list(markup.texts)
    for element in markup.elements:
        spoken += [(element.line, value) for value in _spoken(element.tag, element.attributes)]
    for line, text in spoken:
        if has_words(text):
            yield f'line {line} says "{" ".join(text.split())}"'


def _spoken(tag: str, attributes: dict[str, str]) -> Iterator[str]:
    yield from (value for name, value in attributes.items() if name in READ_ALOUD)
    # A script's messages come to it in data attributes: a sentence begins with a capital and has a space.
    sentence = re.compile(r"\s*[A-Z]\w*\W* .")
    yield from (value for name, value in attributes.items() if name[:5] == "data-" and sentence.match(value))
    if tag == "input" and attributes.get("type") in ("submit", "button", "reset"):
        yield attributes.get("value", "")
    meta = attributes.get("name") or attributes.get("property", "")
    if tag == "meta" and meta and meta not in MACHINE_METAS:
        yield attributes.get("content", "")


def words_in_jinja(source: str) -> Iterator[str]:
    """Yield the literal words inside a template's Jinja that are no gettext call's."""
    for node, value in _literals(_JINJA.parse(source)):
        if re.match(r"[A-Z]+[a-z]", value) and has_words(value):
            yield f'line {node.lineno} says "{value}" inside Jinja'


def _literals(node: nodes.Node) -> Iterator[tuple[nodes.Node, str]]:
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node, node.value
    is_gettext = (
        isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT
    )
    for child in node.iter_child_nodes(exclude=("args",) if is_gettext else ()):
        yield from _literals(child)


def words_in_text(source: str) -> Iterator[str]:
    for number, line in enumerate(without_jinja(source).splitlines(), 1):
        if has_words(line):
            yield f'line {number} says "{line.strip()}"'


def words_in_python(source: str) -> Iterator[str]:
    """Yield what a face says to people without gettext: refusals, messages, labels of fields."""
    tree = ast.parse(source)
    known = imported(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = resolved(call.func, known).rpartition(".")[2]
        said = call.args[:1] if name in SPEAKS_FIRST or name.endswith("Field") else []
        said += [keyword.value for keyword in call.keywords if keyword.arg in SPEAKS_BY_NAME]
        for argument in said:
            yield from (
                f'line {call.lineno} says "{text}"' for text in _bare(argument, known) if has_words(text)
            )


def _bare(node: ast.AST, known: dict[str, str]) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    if isinstance(node, ast.Call) and resolved(node.func, known).rpartition(".")[2] in GETTEXT:
        return
    for child in ast.iter_child_nodes(node):
        yield from _bare(child, known)


def words_in_script(source: str) -> Iterator[str]:
    """Yield a script's literals that look like a sentence: a capital first, and a space."""
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)
    for literal in re.findall(r"""(["'`])((?:\\.|(?!\1).)*)\1""", code):
        if re.match(r"[A-Z]\w*\W* .", literal[1]):
            yield f'says "{literal[1]}"; let the page say it in a data attribute'


def of_faces() -> list[Path]:
    found = [path for face in FACES for path in (PACKAGE / face).rglob("*.py")]
    commands = {"cli", "issues", "lists"}  # they speak English; issues and lists are handled by command alone
    return sorted(path for path in found if not commands & {path.stem, *path.relative_to(PACKAGE).parts})


def test_templates_say_nothing_without_gettext() -> None:
    able = [path for path in templates() if name_of(path) not in ALONE]
    pages = [path for path in able if path.suffix in (".html", ".xml")]
    mails = [path for path in templates() if path.suffix == ".txt" and "mail" in path.parts]
    assert broken(pages, words_in_markup) + broken(mails, words_in_text) == []
    assert broken(templates(), words_in_jinja) == []


def test_faces_and_scripts_say_nothing_without_gettext() -> None:
    assert broken(of_faces(), words_in_python) + broken(assets("js"), words_in_script) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Read on</p>",
        "<p>\n{{ count }} articles</p>",
        '<nav aria-label="Pages">',
        '<img alt="A picture of {{ name }}">',
        '<meta name="description" content="A journal">',
        '<input type="submit" value="Search">',
        '<form data-offline="Oops! Something went wrong">',
        "<p>{% if x %}{{ _('Yes') }}{% else %}No{% endif %}</p>",
    ],
)
def test_words_in_markup_are_seen(source: str) -> None:
    assert len(list(words_in_markup(source))) == 1


def test_what_is_no_word_or_went_through_gettext_is_left_alone() -> None:
    source = """
    <meta name="viewport" content="width=device-width"><title>{{ title }} · {{ _('Journal') }}</title>
    <p class="lead" data-part="toc" title="{{ _('Go') }}">{% trans %}Read{% endtrans %} &rarr; 1 ORCID</p>
    {# a comment #}<script type="application/json">{"a": 1}</script><link rel="alternate" title="Atom">"""
    assert list(words_in_markup(source)) == []
    assert list(words_in_jinja(source)) == []


@pytest.mark.parametrize(
    "source",
    ["{% set title = 'Latest' %}", "{{ x or 'Not yet' }}", "{{ _('By %(name)s', name='Somebody') }}"],
)
def test_words_inside_jinja_are_seen(source: str) -> None:
    assert len(list(words_in_jinja(source))) == 1


def test_words_of_mails_and_scripts_are_seen() -> None:
    assert list(words_in_text("{{ _('Hello') }},\nBye {{ name }}")) == ['line 2 says "Bye"']
    script = "// It's a comment\nconst a = 'click', b = \"Oops! Something\"; fetch('https://x')"
    assert [fault.split(";")[0] for fault in words_in_script(script)] == ['says "Oops! Something"']


@pytest.mark.parametrize(
    "source",
    [
        'raise Refused("Write something.")',
        'raise refusing.Refused(f"No {x}.")',
        'flash("Saved")',
        'StringField("E-mail", validators=[DataRequired()])',
        'Length(max=3, message="Too long")',
        "from flask_babel import gettext as _\nraise Refused(_('Yes') if a else 'No')",
    ],
)
def test_words_of_faces_are_seen(source: str) -> None:
    assert len(list(words_in_python(source))) == 1


def test_words_of_faces_that_went_through_gettext_are_left_alone() -> None:
    source = "from flask_babel import lazy_gettext as _l, gettext as say\nStringField(_l('Name'))\n"
    assert (
        list(words_in_python(source + "raise Refused(say('No %(a)s.', a='B'))\nflash(text)\nField('')")) == []
    )
