"""A process of its own that writes, and stands still at one moment of its commit until it is told to go on, or killed.

Started as `python -m tests.lib.holding FOLDER MOMENT TITLE`.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from blog.lib.db import db, write
from blog.settings.declaring import choose
from tests.lib.writers import opened

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = "written"
"""All rows are flushed; nobody has been told anything."""
COMMITTING = "committing"
"""The word says that the edition changes; the commit has not happened."""
COMMITTED = "committed"
"""The commit is done; the word does not say yet which edition it made."""


@contextmanager
def held(folder: Path, moment: str, title: str) -> Iterator["subprocess.Popen[str]"]:
    """Let another process rename the site, and stand still at this moment; whatever happens, it ends."""
    arguments = [sys.executable, "-m", "tests.lib.holding", str(folder), moment, title]
    pipe = subprocess.PIPE
    with subprocess.Popen(arguments, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{moment}\n"
            yield process
        finally:
            process.kill()


def _hold(moment: str) -> None:
    print(moment, flush=True)
    sys.stdin.readline()


def _write(folder: Path, moment: str, title: str) -> None:
    with opened(folder):
        session: Any = db.session()
        for name, at in (("before_commit", COMMITTING), ("after_commit", COMMITTED)):
            if at == moment:
                event.listen(session, name, lambda _session: _hold(moment))
        with write():
            choose("site.title", title)
            if moment == WRITTEN:
                _hold(moment)


if __name__ == "__main__":
    _write(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
