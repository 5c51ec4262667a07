"""How long an import takes, and how long others wait meanwhile to write. `python -m benchmarks.import [ARTICLES]`."""  # noqa: N999 (named after the command)

import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from app import create_app
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.environment import ROOT, read_environment

from .site import write_folder

LIMIT = 60
"""Seconds that an import of 1,000 articles without pictures may take."""
INSERT = db.text("INSERT INTO setting (key, value) VALUES (:key, '0')")


def main(articles: int) -> None:
    """Import a folder twice, write small rows meanwhile, and print the figures."""
    with tempfile.TemporaryDirectory() as place:
        folder, instance = Path(place) / "content", Path(place) / "instance"
        write_folder(folder, articles)
        environment = {**os.environ, "BLOG_INSTANCE": str(instance)}
        command = [sys.executable, str(ROOT / "app.py")]
        subprocess.run([*command, "init"], env=environment, check=True, capture_output=True)
        for number in ("first", "second"):
            stop, waits = threading.Event(), list[float]()
            writer = threading.Thread(target=write_meanwhile, args=(instance, stop, waits))
            writer.start()
            start = time.monotonic()
            try:
                subprocess.run([*command, "import", "markdown", str(folder)], env=environment, check=True)
            finally:
                seconds = time.monotonic() - start
                stop.set()
                writer.join()
            print(f"{number} import of {articles} articles: {seconds:.1f} s (limit for 1,000: {LIMIT} s)")
            print(f"meanwhile {len(waits)} other writes; the longest took {max(waits):.2f} s")


def write_meanwhile(instance: Path, stop: threading.Event, waits: list[float]) -> None:
    """Write small rows, as signups do, and keep how long each took."""
    app = create_app(read_environment({**os.environ, "BLOG_INSTANCE": str(instance)}))
    with app.app_context():
        while not stop.is_set():
            start = time.monotonic()
            with write() as session:
                session.execute(INSERT, {"key": f"benchmark.{now()}"})
            waits.append(time.monotonic() - start)
            time.sleep(0.05)


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
