"""Every catalogue says all that the product says, and nothing else."""

import ast
import re
import tomllib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from blog.lib.words import LANGUAGES, TRANSLATIONS

ROOT = Path(__file__).resolve().parents[1]
TRANSLATED = [code for code in LANGUAGES if code != "en"]
ERROR_PAGES = ROOT / "templates" / "site" / "errors"

Message = str | tuple[str, ...]
"""What is said, or what is said of one and of many."""


def extracted() -> set[Message]:
    """Return what pybabel finds with the settings of pyproject.toml and the command of docs/translating.md."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    methods: list[tuple[str, str]] = []
    options: dict[str, dict[str, str]] = {}
    for mapping in settings["tool"]["babel"]["mappings"]:
        patterns = mapping["pattern"] if isinstance(mapping["pattern"], list) else [mapping["pattern"]]
        methods += [(pattern, mapping["method"]) for pattern in patterns]
        options |= {pattern: {"silent": mapping.get("silent", "false")} for pattern in patterns}
    found = extract_from_dir(ROOT, methods, options, directory_filter=lambda path: Path(path).name[0] != ".")
    return {message for _, _, message, _, _ in found}


def said_in(source: str) -> Iterator[Message]:
    """Yield the messages that Python code looks up, wherever the call stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            words = tuple(str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))
            if node.func.id == "_":
                yield words[0]
            elif node.func.id == "ngettext" and words:
                yield words[:2]


def faults(catalogue: Catalog) -> list[str]:
    """Return what a reader would miss or stumble over in a catalogue."""
    found = [f"{message.id}: no longer said" for message in catalogue.obsolete.values()]
    for message in catalogue:
        if message.id:
            found += [f"{message.id}: {fault}" for fault in _faults(message.id, message.string, catalogue)]
            found += [f"{message.id}: fuzzy"] if message.fuzzy else []
    return found


def _faults(said: object, translated: object, catalogue: Catalog) -> Iterator[str]:
    ours, theirs = _forms(said), _forms(translated)
    if len(ours) > 1 and len(theirs) != catalogue.num_plurals:
        yield f"{catalogue.num_plurals} plural forms are needed"
    for form in theirs:
        if not form.strip():
            yield "empty"
        elif _places(form) != _places(ours[-1]):
            yield "other placeholders"
    # Templates hold the plain words as they are, in text and in attributes.
    if set('<>&"') & set("".join(ours + theirs)):
        yield "a character that means something in HTML"


def _forms(message: object) -> tuple[str, ...]:
    """Return what is said of one and of many, or the one thing that is said."""
    return tuple(message) if isinstance(message, tuple | list) else (str(message or ""),)


def _places(form: str) -> list[str]:
    return sorted(re.findall(r"%\(\w+\)\w|%.|{\w*}", form))


def catalogue_of(language: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_exactly_the_words_of_the_product(language: str) -> None:
    assert {message.id for message in catalogue_of(language) if message.id} == extracted()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_complete(language: str) -> None:
    assert faults(catalogue_of(language)) == []


def test_a_catalogue_with_faults_is_seen() -> None:
    bad = Catalog(locale="de")
    bad.add("Empty")
    bad.add("Unsure", "Unsicher", flags=["fuzzy"])
    bad.add("By %(name)s", "Von %(nome)s")
    bad.add("Read {}", "Lesen")
    bad.add("Bold", "<b>Fett</b>")
    bad.add("Say “yes”", 'Sagen Sie "ja"')
    bad.add(("%(num)s day", "%(num)s days"), ("%(num)s Tag",))
    bad.obsolete["Gone"] = bad.add("Gone", "Fort")
    bad.delete("Gone")
    assert faults(bad) == [
        "Gone: no longer said",
        "Empty: empty",
        "Unsure: fuzzy",
        "By %(name)s: other placeholders",
        "Read {}: other placeholders",
        "Bold: a character that means something in HTML",
        "Say “yes”: a character that means something in HTML",
        "('%(num)s day', '%(num)s days'): 2 plural forms are needed",
    ]


def test_the_command_finds_every_word_of_the_code() -> None:
    """Before Python 3.12 Babel cannot look into f-strings: words that stand only there are never translated."""
    modules = [ROOT / "app.py", *(ROOT / "blog").rglob("*.py")]
    said = {message for path in modules for message in said_in(path.read_text("utf-8"))}
    assert said - extracted() == set()


def test_words_inside_other_words_are_seen() -> None:
    source = """say(f"## {_('In short')}", ngettext("%(num)s day", "%(num)s days", 3))"""
    assert set(said_in(source)) == {"In short", ("%(num)s day", "%(num)s days")}


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_catalogue(language: str) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue_of(language))
    assert (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").read_bytes() == compiled.getvalue()


def test_the_languages_to_choose_from_are_those_with_a_catalogue_and_a_page_for_when_nothing_works() -> None:
    assert sorted(path.name for path in TRANSLATIONS.iterdir() if path.is_dir()) == sorted(TRANSLATED)
    pages = {path.suffixes[0][1:]: path.read_text("utf-8") for path in ERROR_PAGES.glob("500.*.html")}
    assert sorted(pages) == sorted(LANGUAGES)
    assert [code for code, page in pages.items() if f'<html lang="{code}">' not in page] == []


def test_the_two_answers_to_a_signup_are_said_in_exactly_these_words() -> None:
    answers = {
        "Thank you! Your submission has been received!",
        "Oops! Something went wrong while submitting the form.",
    }
    assert answers - extracted() == set()
