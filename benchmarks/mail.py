"""How fast a real issue goes out to a mail server on this machine, every state on disk, while pages are read.

python -m benchmarks.mail --messages 10000

Prints messages a second, the memory of the server's processes before and after, and the p99 of the readers. The
server has one core, the mail server and the readers the other, unless --cores says that all share both.
"""

import argparse
import json
import os
import signal
import smtplib
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import create_app
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.environment import ROOT, Environment
from blog.newsletter.issues import drafting, scheduling
from blog.newsletter.issues.drafting import Words
from blog.newsletter.issues.reaching import reach
from blog.site.cli import set_up
from blog.transfer.importing import import_folder

from .asking import Question, addresses_of, answers
from .contenders import site_program
from .freezing import fill
from .loading import Heard, Load, Plan
from .processes import LOAD_CORE, SERVER_CORE, Server, keep_to, running, wait_for

PORT = 8197
READERS, PAUSE_MS = 8, 8
READ = 10
"""Articles that are asked for in turn."""
LONGEST = 600
GOAL, P99_GOAL_MS = 400.0, 20.0


@dataclass(frozen=True)
class Run:
    """What was measured."""

    messages: int
    seconds: float
    before_mb: float
    after_mb: float
    readers: Heard
    alone: Heard
    bare: float
    """Messages a second that smtplib hands to the same server, keeping no state, while nobody reads."""

    @property
    def rate(self) -> float:
        """Return messages a second."""
        return self.messages / self.seconds


def main(messages: int, *, share_cores: bool) -> int:
    if not share_cores:
        keep_to(LOAD_CORE)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        fill_site(folder, messages)
        with sink(folder) as port:
            run = measure(folder, port, share_cores=share_cores)
    print(
        f"{run.messages:,} messages in {run.seconds:.1f} s: {run.rate:.0f} a second (goal {GOAL:.0f})\n"
        f"smtplib alone, no state kept, nobody reading: {run.bare:.0f} a second; ratio {run.rate / run.bare:.2f}\n"
        f"memory of the server: {run.before_mb:.0f} MB before, {run.after_mb:.0f} MB after\n"
        f"readers meanwhile: {run.readers.per_second:,.0f} pages a second, p99 {run.readers.p99_ms:.1f} ms "
        f"(goal {P99_GOAL_MS:.0f}); without mail: {run.alone.per_second:,.0f}, p99 {run.alone.p99_ms:.1f} ms"
    )
    return 0 if run.rate >= GOAL and run.readers.p99_ms <= P99_GOAL_MS else 1


def application(folder: Path) -> Flask:
    secret = "a-key-that-only-benchmarks-have"
    return create_app(Environment(folder, "http://journal.example.org", secret, folder / "blog.sqlite3", 0))


def fill_site(folder: Path, messages: int) -> None:
    """Make the sample site with so many reachable subscribers, and one in a hundred more who is suppressed."""
    with application(folder).app_context():
        set_up()
        fill(messages * 100 // 99 + 1)
        import_folder(ROOT / "demo", echo=lambda _: None)
        db.session.remove()
        db.engine.dispose()


@contextmanager
def sink(folder: Path) -> Iterator[str]:
    """Run the mail server that takes everything, as a process of its own; yield its port."""
    command = [sys.executable, "-m", "tests.outbox.mailserver", "--log", str(folder / "taken.jsonl")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def measure(folder: Path, port: str, *, share_cores: bool) -> Run:
    mail = {
        "BLOG_MAIL_URL": f"smtp+unencrypted://127.0.0.1:{port}",
        "BLOG_MAIL_FROM": "letters@journal.example.org",
    }
    program = site_program(folder, PORT, environment=mail)
    with running([program], SERVER_CORE, folder / "serve.log") as [server]:
        wait_for([server], lambda: answers(PORT, Question("/"), 200))
        if share_cores:
            for process in server.tree():
                os.sched_setaffinity(process, range(os.cpu_count() or 1))
        load = Load(Plan([Question(address) for address in addresses_of(PORT, READ)]), PORT, folder)
        alone = read_while(load, lambda: time.sleep(5))
        before = server.memory_mb()
        spent: list[float] = []
        readers = read_while(load, lambda: spent.append(send(folder, server)))
        after = server.memory_mb()
    sent = count_sent(folder)
    return Run(sent, spent[0], before, after, readers, alone, hand_over_bare(folder, int(port), sent // 5))


def hand_over_bare(folder: Path, port: int, count: int) -> float:
    """Let smtplib hand over as many bytes as the last letter had so many times, on one connection; return the rate."""
    last = (folder / "taken.jsonl").read_text("utf-8").splitlines()[-1]
    message = b"Subject: Bare\r\n\r\n" + b"Some words of a letter.\r\n" * (json.loads(last)["size"] // 25)
    keep_to(SERVER_CORE)
    with smtplib.SMTP("127.0.0.1", port) as client:
        began = time.monotonic()
        for number in range(count):
            client.sendmail("letters@journal.example.org", f"reader-{number}@example.net", message)
        return count / (time.monotonic() - began)


def read_while(load: Load, work: Callable[[], object]) -> Heard:
    """Let readers read for as long as the work takes."""
    wrk = load.start(READERS, LONGEST, "measure", PAUSE_MS)
    try:
        work()
    finally:
        wrk.send_signal(signal.SIGINT)
    return load.heard(wrk)


def send(folder: Path, server: Server) -> float:
    """Start an issue to everybody; return the seconds from its first message to its last."""
    with application(folder).app_context():
        with write():
            words = Words("What we learned this month", body="Good morning.\n\n" + "Some words. " * 200)
            issue = drafting.make(words, at=now())
            scheduling.send(issue, reach(issue.id, now()), at=now())
        db.session.remove()
        db.engine.dispose()
    _wait(folder, "SELECT 1 FROM delivery WHERE state = 'sent' LIMIT 1", server)
    began = time.monotonic()
    _wait(folder, "SELECT 1 FROM batch WHERE done_at IS NOT NULL", server)
    return time.monotonic() - began


def count_sent(folder: Path) -> int:
    """Return how many messages were taken, each once; raises RuntimeError where ledger and mail server differ."""
    taken = [
        json.loads(line)["message_id"] for line in (folder / "taken.jsonl").read_text("utf-8").splitlines()
    ]
    sent = _ask(folder, "SELECT count(*) FROM delivery WHERE state = 'sent'")
    if not len(taken) == len(set(taken)) == sent:
        raise RuntimeError(
            f"{len(taken)} were taken, {len(set(taken))} of them different, and {sent} are sent."
        )
    return len(taken)


def _wait(folder: Path, question: str, server: Server) -> None:
    end = time.monotonic() + LONGEST
    while _ask(folder, question) is None:
        if server.ended() or time.monotonic() > end:
            raise RuntimeError(f"The issue does not go out. The server said:\n{server.said()}")
        time.sleep(0.05)


def _ask(folder: Path, question: str) -> int | None:
    with closing(sqlite3.connect(folder / "blog.sqlite3")) as database:
        row = database.execute(question).fetchone()
        return None if row is None else int(row[0])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--cores", choices=("apart", "shared"), default="apart")
    typed = parser.parse_args()
    sys.exit(main(typed.messages, share_cores=typed.cores == "shared"))
