"""The demo starts afresh where nobody runs with its data, and only there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from blog.lib.environment import ROOT
from tests.lib.processes import HANGING, free_port, serving


def reset_refused(folder: Path) -> tuple[int, str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BLOG_")}
    done = subprocess.run(
        [sys.executable, ROOT / "app.py", "demo", "--reset", "--port", str(free_port())],
        env=kept | {"BLOG_INSTANCE": str(folder)},
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_a_demo_is_not_reset_while_a_server_runs_with_its_data_reloaded_or_not(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    refused = (1, "", "A demo is running with this data; stop it first.\n")
    with serving(folder, free_port(), "--workers", "1", "--no-worker") as served:
        served.line()
        before = served.children(1)
        assert reset_refused(tmp_path) == refused
        served.tell(signal.SIGHUP)
        served.line()
        assert served.children(1) != before
        assert reset_refused(tmp_path) == refused
        assert served.get() == (200, b"ok\n")
        assert served.end()[0] == 0
