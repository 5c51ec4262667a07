"""The tests with everything they need: finds or installs a browser, then hands over to pytest."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]

BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright as start\n"
    "with start() as playwright: print(playwright.chromium.executable_path)"
)


ALL_AT_ONCE = ("-n", str(min(4, os.cpu_count() or 1)), "--dist", "loadfile")
"""The whole suite is shared among the cores, a file at a time; who names tests gets them one after the other."""


class Problem(Exception):  # noqa: N818 (not a mistake in the code)
    """What could not be done and what to do about it, in one sentence."""


def main(args: list[str]) -> None:
    """Find a browser and become pytest; paths in its arguments start at the checkout."""
    os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(HERE / ".venv" / "browsers"))
    os.environ["BROADSHEET_CHROMIUM"] = find_browser() or install_browser()
    os.chdir(HERE)
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *(args or ALL_AT_ONCE)])  # noqa: S606 (no shell is wanted)


def say(line: str) -> None:
    """Tell the person something without touching pytest's output."""
    print(line, file=sys.stderr, flush=True)


def find_browser() -> str:
    """Return the path of a Chromium or Chrome that starts; empty where there is none."""
    named = os.environ.get("BROADSHEET_CHROMIUM", "")
    for name in (named,) if named else BROWSERS:
        path = shutil.which(name)
        if path and starts(path):
            return path
    if named:
        raise Problem(
            f"BROADSHEET_CHROMIUM is {named}, which does not start: name another browser or unset it."
        )
    return playwright_browser()


def starts(path: str) -> bool:
    """Say whether the program runs at all; Ubuntu's chromium-browser is often only a pointer to a snap."""
    return attempt(path, "--version", quiet=True)


def install_browser() -> str:
    """Install Debian's Chromium where that is possible, else Playwright's own; return its path."""
    is_root = os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        say("No Chromium or Chrome found: installing Debian's chromium with apt-get.")
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        attempt("apt-get", "update", "-qq")
        attempt("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        path = shutil.which("chromium")
        if path and starts(path):
            return path
    say("No Chromium or Chrome found: installing Playwright's Chromium into .venv/browsers.")
    install = (sys.executable, "-m", "playwright", "install", "chromium")
    if not (is_root and sys.platform == "linux" and attempt(*install, "--with-deps")):
        attempt(*install)
    path = playwright_browser()
    if not path:
        raise Problem(
            "The tests need a browser and none could be installed: install Chromium or Chrome yourself, "
            "or name one in BROADSHEET_CHROMIUM, and run the tests again."
        )
    return path


def playwright_browser() -> str:
    """Return the path of Playwright's own Chromium where it is installed and starts; else nothing."""
    asked = [sys.executable, "-c", PLAYWRIGHT_PATH]
    answer = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 (no shell)
    path = answer.stdout.strip()
    return path if path and starts(path) else ""


def attempt(*command: str, quiet: bool = False) -> bool:
    """Run a program, its output on standard error unless it is to be quiet; say whether it succeeded."""
    output = subprocess.DEVNULL if quiet else sys.stderr
    limit = 60 if quiet else 1200
    try:
        done = subprocess.run(command, stdout=output, stderr=output, timeout=limit, check=False)  # noqa: S603 (ours)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Problem as problem:
        sys.exit(str(problem))
    except KeyboardInterrupt:
        sys.exit(130)
