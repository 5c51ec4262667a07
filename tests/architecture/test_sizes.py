"""Pieces stay small enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

from .reading import all_modules, assets, name_of, templates

FUNCTION, MODULE, TEMPLATE, STYLE, SCRIPT = 30, 250, 90, 200, 100

EXCEPTIONS: dict[str, str] = {}
"""What may be longer, each with its reason: a file, or `file function`; one that is not needed fails."""


def sizes_of(path: Path, source: str) -> Iterator[tuple[str, int, int]]:
    """Yield the name, lines and limit of a module and of each function in it, without its docstring."""
    name = name_of(path)
    yield name, source.count("\n"), MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{name} {node.name}", _lines(node), FUNCTION


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    has_docstring = ast.get_docstring(node, clean=False) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if has_docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def every_size() -> Iterator[tuple[str, int, int]]:
    for path in all_modules():
        yield from sizes_of(path, path.read_text("utf-8"))
    for files, limit in ((templates(), TEMPLATE), (assets("css"), STYLE), (assets("js"), SCRIPT)):
        for path in files:
            yield name_of(path), path.read_bytes().count(b"\n"), limit


def too_long(sizes: Iterator[tuple[str, int, int]]) -> dict[str, str]:
    return {name: f"{lines} lines, at most {limit}" for name, lines, limit in sizes if lines > limit}


def test_functions_modules_templates_styles_and_scripts_stay_small() -> None:
    assert {name: fault for name, fault in too_long(every_size()).items() if name not in EXCEPTIONS} == {}


def test_no_exception_outlives_its_need() -> None:
    assert sorted(EXCEPTIONS.keys() - too_long(every_size()).keys()) == []
    assert [name for name, reason in EXCEPTIONS.items() if not reason.endswith(".")] == []


def test_a_function_is_measured_without_its_docstring_and_a_module_whole() -> None:
    path = Path(__file__)
    source = 'def long() -> None:\n    """One.\n\n    Two.\n    """\n' + "    pass\n" * 30
    here = name_of(path)
    assert list(sizes_of(path, source)) == [(here, 35, 250), (f"{here} long", 31, 30)]
    assert too_long(sizes_of(path, source)) == {f"{here} long": "31 lines, at most 30"}
