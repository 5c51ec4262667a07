"""How long it takes to choose and freeze the recipients of an issue, while readers read and others sign up.

python -m benchmarks.freezing --subscribers 100000
"""

import argparse
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, insert, literal, select

from app import create_app
from blog.content.models import Category
from blog.lib.clock import now
from blog.lib.db import db, write
from blog.lib.environment import Environment
from blog.newsletter.issues import drafting, scheduling
from blog.newsletter.issues.drafting import Words
from blog.newsletter.issues.reaching import reach
from blog.newsletter.issues.sending import begin
from blog.newsletter.models import Subscriber, SubscriberTopic
from blog.outbox.models import Delivery, Suppression
from blog.outbox.standing import hash_of
from blog.settings.declaring import choose
from blog.site.cli import set_up

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
GOAL = 5.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=100_000)
    number = parser.parse_args().subscribers
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        app = create_app(
            Environment(
                instance=instance,
                site_url="https://journal.example.org",
                secret_key="a-key-that-only-benchmarks-have",
                database=instance / "blog.sqlite3",
                trusted_proxies=0,
            )
        )
        with app.app_context():
            set_up()
            fill(number)
            for topics in ((), ("sleep",)):
                print(freeze_once(topics))
            db.engine.dispose()


def fill(number: int) -> None:
    """Make subscribers: one in ten reads one topic only, one in a hundred is suppressed."""
    rows = [
        {
            "address": f"reader{n}@example.org",
            "key": f"reader{n}@example.org",
            "hash": hash_of(f"reader{n}@example.org"),
            "seed": f"{n:016x}",
            "leave_hash": f"{n:064x}",
            "asked_at": LONG_AGO,
            "asked_again_at": LONG_AGO,
            "confirmed_at": LONG_AGO,
            "all_topics": n % 10 != 0,
            "bounce_score": 0,
        }
        for n in range(number)
    ]
    gone = [{"hash": row["hash"], "reason": "left", "at": LONG_AGO} for row in rows[::100]]
    with write() as session:
        choose("site.postal_address", "14 Linden Street, Anytown")
        choose("newsletter.hold_minutes", "0")
        sleep = Category(slug="sleep", name="Sleep")
        session.add(sleep)
        session.flush()
        session.execute(insert(Subscriber), rows)
        session.execute(insert(Suppression), gone)
        chosen = select(Subscriber.id, literal(sleep.id)).where(Subscriber.all_topics.is_(False))
        session.execute(insert(SubscriberTopic).from_select(["subscriber_id", "category_id"], chosen))


def freeze_once(topics: tuple[str, ...]) -> str:
    """Send one issue and return a line about how long it took to freeze it."""
    with write():
        issue = drafting.make(Words(f"To {topics or 'all'}", body="Words.", topics=topics), at=now())
        number = issue.id
        people = reach(number, now())
        scheduling.send(issue, people, at=now())
    began = time.perf_counter()
    begin(number)
    seconds = time.perf_counter() - began
    rows = db.session.scalars(select(func.count()).where(Delivery.about_id == number)).one()
    verdict = "ok" if rows == people and seconds <= GOAL else "MISSED"
    return f"{rows:,} of {people:,} recipients frozen in {seconds:.2f} s (goal {GOAL:.0f} s): {verdict}"


if __name__ == "__main__":
    main()
