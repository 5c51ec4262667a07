"""How many signups a second the running server keeps, each one on disk. `python -m benchmarks.signup [POSTS]`."""

import http.client
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
PORT = 8198
CONNECTIONS = 16


def main(posts: int) -> None:
    """Start the server on an empty site, post, count what the database holds, and print the rate."""
    with tempfile.TemporaryDirectory() as place:
        instance = Path(place)
        server = start(instance)
        try:
            seconds = load(posts)
        finally:
            server.terminate()
            server.wait(20)
        with sqlite3.connect(instance / "blog.sqlite3") as database:
            kept = database.execute("SELECT count(*) FROM consent").fetchone()[0]
        if kept != posts:
            raise RuntimeError(f"{posts} were sent and {kept} are kept.")
        print(
            f"{posts} signups over {CONNECTIONS} connections, 2 workers: {posts / seconds:.0f} per second, all kept"
        )


def start(instance: Path) -> "subprocess.Popen[str]":
    """Start the production server and wait until it says that it is ready."""
    environment = os.environ | {
        "BLOG_INSTANCE": str(instance),
        "BLOG_SITE_URL": f"http://127.0.0.1:{PORT}",
        "BLOG_TRUSTED_PROXIES": "1",  # so that every post can come from a client of its own
    }
    command = [sys.executable, "app.py", "serve", "--port", str(PORT), "--workers", "2"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    if server.stdout is None or "ready" not in server.stdout.readline():
        server.kill()
        raise RuntimeError("The server did not start.")
    return server


def load(posts: int) -> float:
    """Send the posts over several connections at once and return the seconds it took."""
    failures: list[int] = []

    def send(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        for number in range(first, posts, CONNECTIONS):
            body = urlencode(
                {"email": f"reader-{number}@example.org", "place": "article-1", "page": "/articles/x"}
            )
            headers = {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-Forwarded-For": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}",
            }
            connection.request("POST", "/newsletter/signup", body, headers)
            response = connection.getresponse()
            response.read()
            if response.status != 303:
                failures.append(response.status)
        connection.close()

    threads = [threading.Thread(target=send, args=(first,)) for first in range(CONNECTIONS)]
    start = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} posts were refused, the first with {failures[0]}.")
    return time.monotonic() - start


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 3000)
