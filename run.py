#!/usr/bin/env python3
"""Broadsheet in one command: prepares what it needs, then does what you ask for.

Needs nothing but Python 3.11. Older Pythons must be able to read this file far enough to say so:
nothing in it may be newer than the syntax of Python 3.6.
"""
# ruff: noqa: S603, S606 (every program started here is named in this file, and none by a shell)

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (this is the one place that meets an older Python)
    sys.exit(
        "Broadsheet needs Python 3.11 or newer and this is Python {}.{}.{}: install a newer one and start "
        "run.py with it, for example python3.11 run.py demo".format(*sys.version_info[:3])
    )
if sys.platform == "win32":
    sys.exit("Broadsheet runs on Linux and macOS: on Windows use it inside WSL.")

import fcntl
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "broadsheet.json"
APP, DEV = "requirements.txt", "requirements-dev.txt"
"""The hashed requirements; those for development hold all of the application's."""

HELP = """\
usage: python3 run.py <command> [args]

  demo                 a site with sample content on http://127.0.0.1:8000
  init                 create or upgrade the database
  import markdown DIR  bring in a folder of Markdown files
  export DIR           write the content as such a folder
  settings             list the site's settings; "settings set KEY VALUE" changes one
  rerender             make all HTML anew from the Markdown
  serve                run the production server, and the background worker with it
  worker               the background worker alone
  chores               list what the background worker does, and when it did it
  newsletter           issues and mail; "newsletter --help" lists what there is
  subscribers          bring subscribers in, write them out, look one up, erase one, undo an import
  doctor mail          look whether mail is in order: settings, a letter, the server, DNS records
  <command> --help     what a command takes; "run.py app --help" lists every command

  test [pytest args]   install what the tests need (a browser included), then run them
  check                format, lint, types, imports, templates
"""

TOOLS = {"test": "test.py", "check": "check.py"}
"""The commands that are not the application's, each with its script in .ci."""

BREAKING = "USER TARGET PREFIX ROOT PYTHON NO_BINARY NO_DEPS CONSTRAINT REQUIREMENT DRY_RUN"
"""PIP_* variables that put packages elsewhere or leave some out; those of index and network are kept."""


class Problem(Exception):  # noqa: N818 (not a mistake in the code)
    """What could not be done and what to do about it, in one sentence."""


def main(args: list[str]) -> int:
    """Do what the arguments ask for; return the exit status where no other program has taken over."""
    if not args or args[0] in ("-h", "--help", "help"):
        print(HELP, end="")
        return 0
    try:
        run(args)
    except Problem as problem:
        say(str(problem))
    except OSError as error:
        say(f"run.py could not go on: {error}.")
    except KeyboardInterrupt:
        return 130
    return 1


def run(args: list[str]) -> None:
    """Prepare .venv for the command and let the command take this process over."""
    command, rest = args[0], args[1:]
    if command in TOOLS:
        prepare(APP, DEV)
        take_over(HERE / ".ci" / TOOLS[command], rest)
    prepare(APP)
    take_over(HERE / "app.py", rest if command == "app" else args)


def say(line: str) -> None:
    """Tell the person something without touching the command's own output."""
    print(line, file=sys.stderr, flush=True)


def take_over(script: Path, args: list[str]) -> None:
    """Become the script, run by .venv's Python, so that signals and exit status are the script's."""
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), str(script), *args])


def prepare(*files: str) -> None:
    """Make .venv hold what the requirement files say, unless it does."""
    if is_ready(files):
        return
    with one_at_a_time():
        if not is_ready(files):  # another run may have done it while this one waited
            build(files)


def is_ready(files: tuple[str, ...]) -> bool:
    """Say whether .venv was finished for this interpreter and these very files."""
    stamp = read_stamp()
    return is_healthy(stamp) and all(stamp.get(name) == digest(name) for name in files)


def is_healthy(stamp: dict[str, str]) -> bool:
    """Say whether .venv was finished, for whatever files, and its Python is the one running this."""
    return stamp.get("python") == interpreter() and os.access(PYTHON, os.X_OK)


def read_stamp() -> dict[str, str]:
    """Return what .venv was finished for; nothing where it never was, or a build was interrupted."""
    try:
        return dict(json.loads(STAMP.read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def interpreter() -> str:
    """Return the version and place of the interpreter, also when this runs inside .venv itself."""
    return f"{sys.version.split()[0]} {os.path.realpath(base_python())}"


def base_python() -> str:
    """Return the program that environments are made with."""
    return getattr(sys, "_base_executable", None) or sys.executable


def digest(name: str) -> str:
    """Return the sha256 of a requirement file, in hex."""
    return hashlib.sha256((HERE / name).read_bytes()).hexdigest()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two runs from building at once; the lock lies on this file and ends with the process."""
    with Path(__file__).open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another run.py that is preparing .venv.")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(files: tuple[str, ...]) -> None:
    """Install the files' packages into .venv, made afresh where it was never finished or its Python changed.

    The stamp goes before anything is touched and comes back last, so that an interrupted build is noticed.
    """
    before = read_stamp()
    keep = is_healthy(before)
    if keep and DEV in before and DEV not in files:
        files = (*files, DEV)
    say(f"Preparing .venv from {files[-1]}; this takes a minute the first time.")
    after = {"python": interpreter(), **{name: digest(name) for name in files}}
    STAMP.unlink(missing_ok=True)
    if not keep:
        make_venv()
    try:
        install(files[-1])
    except Problem:
        if keep:  # pip fetches everything before it changes anything: what was there still stands
            write_stamp(before)
        raise
    write_stamp(after)


def write_stamp(stamp: dict[str, str]) -> None:
    """Note what .venv is finished for."""
    fresh = STAMP.with_suffix(".new")
    fresh.write_text(json.dumps(stamp, indent=1), "utf-8")
    fresh.replace(STAMP)


def make_venv() -> None:
    """Make an empty .venv in the place of whatever is there."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise Problem(
            "This Python lacks its venv module: install it first "
            "(on Debian and Ubuntu: apt install python3-venv) and run the command again."
        )
    if VENV.is_symlink():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(VENV)
    command = [base_python(), "-m", "venv", str(VENV)]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Problem(f"Python could not make {VENV}: {last_line(made.stdout + made.stderr)}")


def install(name: str) -> None:
    """Install exactly what a requirement file pins, wheels only, each checked against its hash."""
    dropped = {f"PIP_{word}" for word in BREAKING.split()}
    env = {key: value for key, value in os.environ.items() if key not in dropped}
    env["PIP_USER"] = "0"  # also beats a `user = true` in a configuration file
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(HERE / name)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    output = done.stdout + done.stderr
    if "Retrying (" in output:
        raise Problem(
            f"The packages of {name} could not be fetched because the package index did not answer: "
            "check the network (or pip's index setting) and run the command again."
        )
    raise Problem(f"The packages of {name} could not be installed; pip said: {last_line(output)}")


def last_line(output: str) -> str:
    """Return the line of a failed program's output that says most."""
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["nothing at all"]
    return ([line for line in lines if line.startswith(("ERROR:", "Error:"))] or lines)[-1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
