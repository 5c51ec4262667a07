"""What `run.py test` and `run.py check` promise once the packages are there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[1] / ".ci"
TEST, CHECK = TOOLS / "test.py", TOOLS / "check.py"

PROJECT = """\
[tool.ruff]
exclude = [".ci"]
[tool.mypy]
files = ["blog"]
[tool.importlinter]
root_package = "blog"
[[tool.importlinter.contracts]]
name = "no circles"
type = "acyclic_siblings"
ancestors = ["blog"]
"""


def run_tool(script: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(script), *args]
    return subprocess.run(command, env=dict(os.environ, **env), capture_output=True, text=True, check=False)


def test_the_tests_get_the_browser_that_was_named_and_pytest_gives_the_status(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\n", "utf-8")
    browser.chmod(0o755)
    done = run_tool(TEST, "--version", BROADSHEET_CHROMIUM=str(browser))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"pytest {pytest.__version__}\n", "")
    assert run_tool(TEST, "no/such/test.py", BROADSHEET_CHROMIUM=str(browser)).returncode == 4


def test_a_browser_that_does_not_start_is_named_in_one_sentence(tmp_path: Path) -> None:
    missing = tmp_path / "browser"
    done = run_tool(TEST, BROADSHEET_CHROMIUM=str(missing))
    said = f"BROADSHEET_CHROMIUM is {missing}, which does not start: name another browser or unset it.\n"
    assert (done.returncode, done.stdout, done.stderr) == (1, "", said)


def test_every_check_runs_and_one_that_fails_fails_the_whole(tmp_path: Path) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "blog").mkdir()
    (tmp_path / "templates" / "page.html").write_text("<p>Hello</p>\n", "utf-8")
    (tmp_path / "blog" / "__init__.py").write_text("PAGES: int = 3\n", "utf-8")
    (tmp_path / "pyproject.toml").write_text(PROJECT, "utf-8")
    script = Path(shutil.copy(CHECK, tmp_path / ".ci"))
    good = run_tool(script)
    assert (good.returncode, words_of(good.stdout)) == (0, ["ok"] * 6)
    (tmp_path / "blog" / "__init__.py").write_text('PAGES: int = "three"\n', "utf-8")
    bad = run_tool(script)
    assert (bad.returncode, words_of(bad.stdout)) == (1, ["FAILED"] + ["ok"] * 5)


def words_of(output: str) -> list[str]:
    return sorted(word for line in output.splitlines() for word in line.split() if word in ("ok", "FAILED"))
