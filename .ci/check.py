"""Everything that can be said about the code without running it: format, lint, types, imports, templates."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]

IMPORT_LINTER = "from importlinter.cli import lint_imports_command as c; c()"
"""It has no `python -m` of its own, and the scripts in .venv/bin break when a checkout is moved."""

CHECKS = {
    "types (mypy)": ["-m", "mypy"],
    "template format (djlint)": ["-m", "djlint", "templates", "--check", "--quiet"],
    "template lint (djlint)": ["-m", "djlint", "templates", "--lint", "--quiet"],
    "imports (import-linter)": ["-c", IMPORT_LINTER, "--no-logo"],
    "format (ruff)": ["-m", "ruff", "format", "--check", "."],
    "lint (ruff)": ["-m", "ruff", "check", "."],
}


def main() -> int:
    """Run every check, two at a time, slowest first; return 1 if one of them fails."""
    failed = False
    with ThreadPoolExecutor(2) as pool:
        runs = {pool.submit(run, args): name for name, args in CHECKS.items()}
        for done in as_completed(runs):
            status, output, seconds = done.result()
            failed = failed or status != 0
            print(f"{runs[done]:26} {'FAILED' if status else 'ok':6} {seconds:5.1f} s", flush=True)
            if status:
                print(output.rstrip(), flush=True)
    return 1 if failed else 0


def run(args: list[str]) -> tuple[int, str, float]:
    """Run one tool in the checkout; return its exit status, what it printed, and the seconds it took."""
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 (the tools named above)
        [sys.executable, *args],
        cwd=HERE,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout, time.monotonic() - began


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
