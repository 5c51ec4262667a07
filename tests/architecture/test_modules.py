"""Modules say what they are for, show what they need, and leave committing to the one door."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .reading import PACKAGE, all_modules, broken, calls, name_of, product_modules

EMPTY_WORDS = {"utils", "helpers", "common", "misc", "services", "manager", "base"}
EMPTY_WORDS |= {"util", "helper", "service", "managers"}

DOOR = PACKAGE / "lib" / "db.py"


def empty_names(paths: list[Path]) -> list[str]:
    """Return the modules and packages whose name says nothing of what is in them."""
    return [name_of(path) for path in paths if EMPTY_WORDS & {path.stem, *_folders(path)}]


def _folders(path: Path) -> set[str]:
    return set(name_of(path).split("/")[:-1])


def missing_first_sentence(source: str) -> Iterator[str]:
    docstring = ast.get_docstring(ast.parse(source))
    if not docstring:
        yield "has no docstring that says what it is for"
    elif not docstring.splitlines()[0].endswith((".", "?")):
        yield "does not begin with one sentence on one line"


def inline_imports(source: str) -> Iterator[str]:
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for node in ast.walk(function):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield f"line {node.lineno} imports inside {function.name}"


def imports_of_the_application(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        if "app" in {name.split(".")[0] for name in names}:
            yield "imports app, which stands above it"


def commits(source: str) -> Iterator[str]:
    for node, name in calls(source):
        if name.endswith((".commit", ".begin_nested")):
            yield f"line {node.lineno} calls {name}; open blog.lib.db.write() at the edge instead"


def test_names_say_what_is_inside() -> None:
    assert empty_names(all_modules()) == []


def test_every_module_opens_with_a_sentence() -> None:
    assert broken(product_modules(), missing_first_sentence) == []


def test_every_import_stands_at_the_top() -> None:
    assert broken(all_modules(), inline_imports) == []


def test_nothing_imports_the_application() -> None:
    assert broken(sorted(PACKAGE.rglob("*.py")), imports_of_the_application) == []


def test_only_the_one_door_commits() -> None:
    inside = [path for path in product_modules() if path != DOOR and "migrations" not in path.parts]
    assert broken(inside, commits) == []


def test_an_empty_name_is_seen_in_files_and_folders() -> None:
    paths = [PACKAGE / "utils.py", PACKAGE / "common" / "x.py", PACKAGE / "lib" / "slugs.py"]
    assert empty_names(paths) == ["blog/utils.py", "blog/common/x.py"]


@pytest.mark.parametrize("source", ["", "import os", '"""A title without an end\n\nMore.\n"""'])
def test_a_missing_sentence_is_seen(source: str) -> None:
    assert len(list(missing_first_sentence(source))) == 1


def test_an_import_inside_a_function_is_seen() -> None:
    assert list(inline_imports("import a\ndef f():\n    if a:\n        from b import c")) == [
        "line 4 imports inside f"
    ]


@pytest.mark.parametrize("source", ["import app", "from app import create_app", "import app.x as y"])
def test_an_import_of_the_application_is_seen(source: str) -> None:
    assert len(list(imports_of_the_application(source))) == 1
    assert list(imports_of_the_application("from .app import x\nimport apple")) == []


def test_a_commit_is_seen() -> None:
    assert len(list(commits("db.session.commit()\nget().commit()"))) == 2
