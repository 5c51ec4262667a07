"""How long a confirmation mail takes from the signup to the mail server. `python -m benchmarks.confirmation [PEOPLE]`.

People sign up one after the other at the running server, each from a network of their own; the mail server on this
machine notes when it has taken each mail, which is then on its way. The caps let 250 to one domain through in an hour.
"""

import json
import statistics
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from .asking import Question, answers
from .contenders import site_program
from .hostile_signup import post
from .mail import sink
from .processes import SERVER_CORE, running, wait_for

PORT = 8346
GOAL = 1.0
PATIENCE = 60.0
PAUSE = 0.2


def main(people: int) -> int:
    """Start the site and the mail server, sign up, print the figure; return 1 where it is missed."""
    with tempfile.TemporaryDirectory() as scratch, sink(Path(scratch)) as port:
        mail = {
            "BLOG_MAIL_URL": f"smtp+unencrypted://127.0.0.1:{port}",
            "BLOG_MAIL_FROM": "letters@journal.example.org",
        }
        instance = Path(scratch) / "instance"
        instance.mkdir()
        program = site_program(instance, PORT, proxies=1, environment=mail)
        with running([program], SERVER_CORE, Path(scratch) / "server.log") as servers:
            wait_for(servers, lambda: answers(PORT, Question("/"), 200))
            waits = [wait_of(Path(scratch) / "taken.jsonl", number) for number in range(people)]
    print(
        f"{people} people signed up, one after the other: their mail was with the mail server "
        f"{statistics.median(waits):.2f} s later in the median, {max(waits):.2f} s at most (goal {GOAL:.0f} s)"
    )
    return 0 if max(waits) <= GOAL else 1


def wait_of(log: Path, number: int) -> float:
    """Sign one person up; return the seconds from the press to the moment when the mail server had taken the mail."""
    email = f"reader-{number}@example.org"
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    began = time.time()
    post(connection, email, f"10.1.{number >> 8 & 255}.{number & 255}")
    connection.close()
    while time.time() - began < PATIENCE:
        for line in log.read_text("utf-8").splitlines() if log.exists() else ():
            taken = json.loads(line)
            if taken["recipients"] == [email]:
                time.sleep(PAUSE)
                return float(taken["at"]) - began
        time.sleep(0.01)
    raise RuntimeError(f"No mail came to {email}.")


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100))
