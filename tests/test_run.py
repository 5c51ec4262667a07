"""What run.py promises: one command on a bare machine, and one clear sentence where that cannot be."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

RUN = Path(__file__).parents[1] / "run.py"

APP = """\
import json, os, sys, letterpress
print(json.dumps([sys.argv[1:], os.getcwd(), os.getpid(), letterpress.edition]))
sys.exit(7)
"""

AS_SCRIPT = "import runpy; runpy.run_path(sys.argv[0], run_name='__main__')"


@dataclass(frozen=True)
class Outcome:
    """How a command ended: its status, its one line of output as data, and what it told the person."""

    status: int
    answer: Any
    told: list[str]


class Checkout:
    """A small product with run.py in it: one package from a folder of wheels, and a command that reports."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
        self.env |= {
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": (folder / "wheels").as_uri(),
            "PIP_CONFIG_FILE": os.devnull,
        }

    def require(self, edition: int, *, digest: str = "") -> None:
        """Ask for this edition of the package, which lies in the folder of wheels."""
        wheel = self.folder / "wheels" / f"letterpress-{edition}-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        about = f"letterpress-{edition}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("letterpress.py", f"edition = {edition}\n")
            archive.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: letterpress\nVersion: {edition}\n"
            )
            archive.writestr(
                f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{about}/RECORD", "")
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        line = f"letterpress=={edition} --hash=sha256:{digest}\n"
        (self.folder / "requirements.txt").write_text(line, "utf-8")

    def start(self, *args: str, prelude: str = "") -> subprocess.Popen[str]:
        """Start run.py from another folder, as a person would; the prelude is Python that runs before it."""
        script = str(self.folder / "run.py")
        code = f"import sys; del sys.argv[0]; {prelude}\n{AS_SCRIPT}"
        command = [sys.executable, "-c", code, script, *args] if prelude else [sys.executable, script, *args]
        return subprocess.Popen(
            command,
            cwd=self.folder.parent,
            env=self.env,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *args: str, prelude: str = "") -> Outcome:
        """Run run.py to its end."""
        return outcome_of(self.start(*args, prelude=prelude))


def outcome_of(process: subprocess.Popen[str]) -> Outcome:
    output, told = process.communicate(timeout=120)
    return Outcome(process.returncode, json.loads(output) if output else None, told.splitlines())


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which run.py has run once; in a folder with a space in its name."""
    folder = tmp_path_factory.mktemp("a product") / "the journal"
    folder.mkdir()
    shutil.copy(RUN, folder)
    (folder / "app.py").write_text(APP, "utf-8")
    checkout = Checkout(folder)
    checkout.require(1)
    assert checkout.run("demo").answer[3] == 1
    return folder


@pytest.fixture
def checkout(prepared: Path, tmp_path: Path) -> Checkout:
    """A copy of the prepared checkout that a test may change."""
    folder = tmp_path / "the journal"
    shutil.copytree(prepared, folder, symlinks=True)
    return Checkout(folder)


def test_without_arguments_it_names_the_commands() -> None:
    done = subprocess.run([sys.executable, RUN], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert lines[0] == "usage: python3 run.py <command> [args]"
    words = {line.split()[0] for line in lines[1:] if line}
    assert words >= {"demo", "init", "import", "export", "serve", "test", "check"}


def test_an_old_python_is_told_in_one_sentence_what_to_do() -> None:
    ast.parse(RUN.read_text("utf-8"), feature_version=(3, 6))
    code = f"import sys; del sys.argv[0]; sys.version_info = (3, 6, 15); {AS_SCRIPT}"
    done = subprocess.run([sys.executable, "-c", code, RUN], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "Broadsheet needs Python 3.11 or newer and this is Python 3.6.15: "
        "install a newer one and start run.py with it, for example python3.11 run.py demo\n"
    )


def test_an_old_python_reads_nothing_but_the_check_before_it_stops() -> None:
    docstring, first, check, *_ = ast.parse(RUN.read_text("utf-8")).body
    assert isinstance(docstring, ast.Expr)
    assert ast.unparse(first) == "import sys"
    assert ast.unparse(check).startswith("if sys.version_info < (3, 11):\n    sys.exit(")


def test_the_command_gets_its_arguments_and_the_persons_folder_and_gives_its_status(
    checkout: Checkout,
) -> None:
    process = checkout.start("import", "markdown", "my folder")
    outcome = outcome_of(process)
    here = str(checkout.folder.parent.resolve())
    assert outcome == Outcome(7, [["import", "markdown", "my folder"], here, process.pid, 1], [])


def test_the_list_of_commands_is_the_applications_own_help(checkout: Checkout) -> None:
    assert checkout.run("app", "--help").answer[0] == ["--help"]


def test_changed_requirements_are_installed_at_the_next_run(checkout: Checkout) -> None:
    checkout.require(2)
    outcome = checkout.run("demo")
    assert outcome.answer[3] == 2
    assert outcome.told == ["Preparing .venv from requirements.txt; this takes a minute the first time."]
    assert checkout.run("demo").told == []


def test_an_interrupted_build_is_repaired(checkout: Checkout) -> None:
    (checkout.folder / ".venv" / "broadsheet.json").unlink()
    for module in checkout.folder.glob(".venv/lib/*/site-packages/letterpress.py"):
        module.unlink()
    outcome = checkout.run("demo")
    assert (outcome.answer[3], len(outcome.told)) == (1, 1)


def test_another_interpreter_gets_an_environment_of_its_own(checkout: Checkout) -> None:
    stamp = checkout.folder / ".venv" / "broadsheet.json"
    noted = json.loads(stamp.read_text("utf-8"))
    stamp.write_text(json.dumps(noted | {"python": "3.11.0 /somewhere/python3.11"}), "utf-8")
    left_over = checkout.folder / ".venv" / "left-over"
    left_over.touch()
    assert checkout.run("demo").answer[3] == 1
    assert json.loads(stamp.read_text("utf-8")) == noted
    assert not left_over.exists()


def test_a_package_that_is_not_what_was_hashed_is_refused_and_nothing_is_lost(checkout: Checkout) -> None:
    before = (checkout.folder / "requirements.txt").read_text("utf-8")
    checkout.require(2, digest="0" * 64)
    outcome = checkout.run("demo")
    assert (outcome.status, outcome.answer, len(outcome.told)) == (1, None, 2)
    assert outcome.told[1].startswith(
        "The packages of requirements.txt could not be installed; pip said: ERROR:"
    )
    (checkout.folder / "requirements.txt").write_text(before, "utf-8")
    again = checkout.run("demo")
    assert (again.answer[3], again.told) == (1, [])


def test_without_a_network_one_sentence_says_so(checkout: Checkout) -> None:
    checkout.require(3)
    del checkout.env["PIP_NO_INDEX"], checkout.env["PIP_FIND_LINKS"]
    checkout.env |= {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1"}
    outcome = checkout.run("demo")
    assert (outcome.status, outcome.answer) == (1, None)
    assert outcome.told[1:] == [
        "The packages of requirements.txt could not be fetched because the package index did not answer: "
        "check the network (or pip's index setting) and run the command again."
    ]


def test_pip_settings_that_would_break_the_environment_are_dropped(checkout: Checkout) -> None:
    checkout.require(2)
    checkout.env |= {
        "PIP_USER": "1",
        "PIP_TARGET": str(checkout.folder / "elsewhere"),
        "PIP_NO_BINARY": ":all:",
    }
    assert checkout.run("demo").answer[3] == 2
    assert not (checkout.folder / "elsewhere").exists()


def test_two_runs_at_once_do_not_build_twice(checkout: Checkout) -> None:
    checkout.require(2)
    processes = [checkout.start("demo"), checkout.start("demo")]
    outcomes = [outcome_of(process) for process in processes]
    assert [outcome.answer[3] for outcome in outcomes] == [2, 2]
    told = [line for outcome in outcomes for line in outcome.told]
    assert sum(line.startswith("Preparing") for line in told) == 1


def test_where_venv_is_missing_the_package_to_install_is_named(checkout: Checkout) -> None:
    shutil.rmtree(checkout.folder / ".venv")
    outcome = checkout.run("demo", prelude="sys.modules['ensurepip'] = None")
    assert (outcome.status, outcome.answer) == (1, None)
    assert outcome.told[1:] == [
        "This Python lacks its venv module: install it first "
        "(on Debian and Ubuntu: apt install python3-venv) and run the command again."
    ]
