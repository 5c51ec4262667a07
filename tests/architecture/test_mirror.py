"""A module's tests are found where its name says."""

from pathlib import Path

from .reading import PACKAGE, ROOT, name_of

OF_THEIR_OWN = {"architecture", "deploy", "journeys", "serving"}
"""Tests of the whole product, or of files for a server; the others are of one module each."""


def has_subject(path: Path) -> bool:
    """Say whether a module or package in the mirrored place has the test file's name, or its first words.

    `test_cleaning.py` and `test_cleaning_refusals.py` are both about `cleaning.py`.
    """
    inside = path.relative_to(ROOT / "tests").parent
    words = path.stem.split("_")[1:]
    names = ["_".join(words[:count]) for count in range(1, len(words) + 1)]
    places = [PACKAGE / inside] + ([ROOT] if inside == Path() else [])
    return any((place / end).exists() for place in places for name in names for end in (f"{name}.py", name))


def strays(paths: list[Path]) -> list[str]:
    ours = [path for path in paths if path.relative_to(ROOT / "tests").parts[0] not in OF_THEIR_OWN]
    return [name_of(path) for path in ours if not has_subject(path)]


def test_every_test_file_is_named_after_a_module() -> None:
    assert strays(sorted((ROOT / "tests").rglob("test_*.py"))) == []


def test_a_test_file_without_its_module_is_seen() -> None:
    tests = ROOT / "tests"
    paths = [tests / "lib" / "test_nothing.py", tests / "lib" / "test_clock.py", tests / "test_run.py"]
    paths += [tests / "lib" / "test_clock_in_winter.py", tests / "lib" / "test_clocks.py"]
    assert strays([*paths, tests / "journeys" / "test_reading.py"]) == [
        "tests/lib/test_nothing.py",
        "tests/lib/test_clocks.py",
    ]
