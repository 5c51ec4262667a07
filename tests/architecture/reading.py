"""How the house rules read the code: which files there are, and what a template says besides its Jinja."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "blog"
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"

_LEXER = Environment(autoescape=True)


def name_of(path: Path) -> str:
    """Return the file's place in the checkout, as the failing rule names it."""
    return path.relative_to(ROOT).as_posix()


def product_modules() -> list[Path]:
    """Return the modules of the product itself; generated migrations are no prose of ours."""
    found = [path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts]
    return sorted([*found, *ROOT.glob("app.py")])


def all_modules() -> list[Path]:
    """Return every module that people write here: product, tests, tools, benchmarks."""
    others = [path for folder in ("tests", ".ci", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    own = [path for path in others if "node_modules" not in path.parts]
    return sorted([*product_modules(), *ROOT.glob("run.py"), *own])


def templates() -> list[Path]:
    """Return every template, of pages, fragments, feeds and mails."""
    return sorted(path for path in TEMPLATES.rglob("*") if path.is_file())


def assets(ending: str) -> list[Path]:
    """Return our own style sheets or scripts; what others wrote lies in `vendor`."""
    return sorted(path for path in STATIC.rglob(f"*.{ending}") if "vendor" not in path.parts)


def broken(files: list[Path], rule: Callable[[str], Iterator[str]]) -> list[str]:
    """Return every sentence that the rule has about the files' text, with the file's name before it."""
    return [f"{name_of(path)}: {fault}" for path in files for fault in rule(path.read_text("utf-8"))]


def calls(source: str) -> Iterator[tuple[ast.Call, str]]:
    """Yield each call in the source with the dotted name of what is called, imports' aliases resolved."""
    tree = ast.parse(source)
    known = imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, resolved(node.func, known)


def imported(tree: ast.Module) -> dict[str, str]:
    """Return what each imported name stands for, in full."""
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {name.asname: name.name for name in node.names if name.asname}
        elif isinstance(node, ast.ImportFrom):
            known |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
    return known


def resolved(node: ast.expr, known: dict[str, str]) -> str:
    """Return the dotted name of an expression, its first part as it was imported."""
    first, dot, rest = dotted(node).partition(".")
    return known.get(first, first) + dot + rest


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for such an expression; a part that is no name is a question mark."""
    if isinstance(node, ast.Name):
        return node.id
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else "?"


@dataclass(frozen=True)
class Element:
    """A start tag of a template, what Jinja puts into it left out."""

    line: int
    tag: str
    attributes: dict[str, str]


class Markup(HTMLParser):
    """The elements and the text of a template's own markup, each with its line."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[tuple[int, str]] = []
        self._open = ""
        self.feed(without_jinja(source))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self._open = tag
        given = {name: value or "" for name, value in attrs}
        self.elements.append(Element(self.getpos()[0], tag, given))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that holds nothing."""
        self.handle_starttag(tag, attrs)
        self._open = ""

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._open = ""

    def handle_data(self, data: str) -> None:
        """Note the text between tags; what a script or a style sheet holds is none."""
        if self._open not in ("script", "style"):
            self.texts.append((self.getpos()[0], data))


def without_jinja(source: str) -> str:
    """Return the template's own text, its lines in their places; what is in a `trans` block is Jinja's."""
    kept: list[str] = []
    in_trans = False
    after_block = False
    for _, kind, value in _LEXER.lex(source):
        if after_block and kind == "name":
            in_trans = value == "trans" or (in_trans and value != "endtrans")
        after_block = kind == "block_begin" or (after_block and kind == "whitespace")
        kept.append(value if kind == "data" and not in_trans else "\n" * value.count("\n"))
    return "".join(kept)
