"""The demo has the sample's settings from the start, and starts afresh where nobody runs with its data."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.environment import ROOT
from blog.outbox.remembering import Event, remember
from blog.outbox.standing import standing_key
from blog.settings.declaring import choose
from blog.settings.identity import title
from blog.site.cli import _empty, set_up_demo
from tests.conftest import Start, environment_in
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


def test_a_demo_whose_first_start_broke_off_still_gets_its_settings_and_later_keeps_its_own(
    tmp_path: Path, start: Start
) -> None:
    environment = environment_in(tmp_path)
    environment.database.touch()  # all that was made before it broke off
    with start(environment).app_context():
        set_up_demo()
        assert title.get() == "The Linden Journal"
        with write():
            choose("site.title", "The Elm Journal")
        set_up_demo()
        assert title.get() == "The Elm Journal"


def test_a_demo_that_starts_afresh_has_a_key_of_its_own_and_remembers_nobody(
    tmp_path: Path, start: Start
) -> None:
    keys = []
    for _ in range(2):
        with start(environment_in(tmp_path)).app_context():
            set_up_demo()
            keys.append(standing_key())
            remember([Event("d" * 64, "left", now())])
            db.session.remove()
            db.engine.dispose()
        _empty(tmp_path)
    assert keys[0] != keys[1]
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ["blog.sqlite3-edition"]
