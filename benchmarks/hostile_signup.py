"""What bots that sign victims up come to. `python -m benchmarks.hostile_signup [POSTS] [NETWORKS] [VICTIMS]`.

Posts come from so many client networks, for so many addresses; now and then somebody signs up who means it. Printed
are the mails that went out, and how long each of these people waited for theirs.
"""

import http.client
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from .asking import HOST, Question, answers
from .contenders import site_program
from .processes import SERVER_CORE, running, wait_for

PORT = 8473
CONNECTIONS = 8
GENUINE = 10
"""People who sign up while the bots are at it."""
PATIENCE = 60.0


@dataclass
class Attack:
    """The posts that are sent, and how they were answered."""

    posts: int
    networks: int
    victims: int
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """Send them all, over several connections at once."""
        threads = [threading.Thread(target=self._send, args=(first,)) for first in range(CONNECTIONS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _send(self, first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
        for number in range(first, self.posts, CONNECTIONS):
            network = number % self.networks
            client = f"10.{network >> 16 & 255}.{network >> 8 & 255}.{network & 255}"
            status = post(connection, f"victim{number * 7 % self.victims}@place.example", client)
            with self._lock:
                self.sent += 1
                self.statuses[status] = self.statuses.get(status, 0) + 1
        connection.close()


def post(connection: http.client.HTTPConnection, email: str, client: str) -> int:
    headers = {
        "Host": HOST,
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": client,
    }
    connection.request("POST", "/newsletter/signup", urlencode({"email": email}), headers)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def main(posts: int, networks: int, victims: int) -> None:
    """Start the server with its worker, let them all post, and print what came of it."""
    with tempfile.TemporaryDirectory() as scratch:
        instance, attack = Path(scratch), Attack(posts, networks, victims)
        program = site_program(instance, PORT, proxies=1)
        with running([program], SERVER_CORE, instance / "server.log") as servers:
            wait_for(servers, lambda: answers(PORT, Question("/"), 200))
            began = time.monotonic()
            bots = threading.Thread(target=attack.run)
            bots.start()
            waits = [wait_of(attack, instance, number) for number in range(GENUINE)]
            bots.join()
            seconds = time.monotonic() - began
            rest = until_answered(instance)
            show(attack, instance, waits, seconds, rest)


def wait_of(attack: Attack, instance: Path, number: int) -> float:
    """Sign somebody up in the midst of the posts; return the seconds until their mail was sent."""
    while attack.sent < attack.posts * (number + 0.5) / GENUINE:
        time.sleep(0.01)
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    began = time.monotonic()
    post(connection, f"genuine{number}@reader.example", f"192.0.2.{number}")
    connection.close()
    sql = "SELECT count(*) FROM delivery WHERE domain = 'reader.example' AND state = 'sent'"
    while rows(instance, sql)[0][0] <= number and time.monotonic() - began < PATIENCE:
        time.sleep(0.02)
    return time.monotonic() - began


def until_answered(instance: Path) -> float:
    """Wait until no request waits; return the seconds."""
    began = time.monotonic()
    while rows(instance, "SELECT count(*) FROM signup_request WHERE answered_at IS NULL")[0][0]:
        if time.monotonic() - began > 600:
            break
        time.sleep(0.5)
    return time.monotonic() - began


def rows(instance: Path, sql: str) -> list[tuple[int, ...]]:
    with closing(sqlite3.connect(instance / "blog.sqlite3", timeout=30)) as database:
        return database.execute(sql).fetchall()


def show(attack: Attack, instance: Path, waits: list[float], seconds: float, rest: float) -> None:
    per_address = "SELECT count(*) FROM delivery WHERE kind = 'confirmation' GROUP BY hash"
    mails = [count for (count,) in rows(instance, per_address)]
    print(f"{attack.posts} posts of {attack.networks} networks for {attack.victims} addresses")
    print(f"answered with {dict(sorted(attack.statuses.items()))}, {attack.posts / seconds:.0f} per second")
    print(f"mails: {sum(mails)} to {len(mails)} addresses, at most {max(mails)} to one")
    print(f"{GENUINE} people in the midst waited {min(waits):.2f} to {max(waits):.2f} s for their mail")
    print(f"{rest:.0f} s after the last post no request waited")


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:4]]
    main(*(given + [100_000, 1_000, 50][len(given) :]))
