"""Signups that are killed on their way, a thousand times: `python -m benchmarks.signup_kills --kills 1000`.

Each time somebody signs up, and the web process, or the worker that answers them, is killed at a step drawn by lot.
Who got no answer presses again. Nobody may be lost, and the code of the mail must let them in.
"""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from blog.lib.db import db, write
from blog.settings.declaring import choose
from blog.site.cli import set_up
from tests.newsletter.dying import Found, kill_at
from tests.outbox.dying import ready

from .mail import sink

LAST_STEP = {
    ("post", "statement"): 15,
    ("post", "committed"): 1,
    ("worker", "statement"): 125,
    ("worker", "committed"): 8,
    ("worker", "marking"): 2,
    ("worker", "say"): 7,
    ("worker", "said"): 7,
}
"""How often each moment comes in a life that nobody breaks off."""
CAPS = ("newsletter.mails_per_domain_hour", "newsletter.mails_per_hour")


def main(kills: int, seed: int) -> int:
    """Kill, print what became of everybody, return 1 where it must not have been."""
    dice, found = random.Random(seed), list[Found]()
    with tempfile.TemporaryDirectory() as scratch, sink(Path(scratch)) as port:
        app = ready(Path(scratch), int(port))
        with app.app_context():
            set_up()
            with write():
                for cap in CAPS:
                    choose(cap, str(kills * 2))
            db.session.remove()
            db.engine.dispose()
            for number in range(kills):
                place, moment = dice.choice(list(LAST_STEP))
                step = f"{place}:{moment}:{dice.randint(1, LAST_STEP[place, moment])}"
                found.append(kill_at(app, Path(scratch) / "taken.jsonl", number, step))
    wrong = [one for one in found if is_wrong(one, found[0].answer)]
    print(
        f"{sum(one.killed for one in found)} of {len(found)} were killed; {sum(one.presses for one in found)} presses, "
        f"{sum(one.confirmed for one in found)} people in, {sum(one.copies - 1 for one in found)} mails a second time, "
        f"{len(wrong)} wrong."
    )
    for one in wrong:
        print(f"wrong: {one}")
    return 1 if wrong else 0


def is_wrong(one: Found, usual: str) -> bool:
    """Tell whether a signup was lost, looked otherwise, or got a mail of another name."""
    lost = one.waiting or not one.confirmed or one.mails != ["sent"] or not 1 <= one.kept <= one.presses
    return bool(lost) or one.answer != usual or one.names != 1 or one.copies > 2


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    typed = parser.parse_args()
    sys.exit(main(typed.kills, typed.seed))
