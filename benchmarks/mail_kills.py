"""Workers that are killed while they send, a thousand times: `python -m benchmarks.mail_kills --kills 1000`.

Each time a batch of letters and some confirmations-to-be are queued, a worker is killed at a step drawn by lot,
and another finishes. Nothing may be lost, no letter may be sent twice, at most one may be in doubt.
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

from blog.lib.db import db
from blog.outbox.overview import standing_of_mail
from blog.site.cli import set_up
from tests.outbox.dying import LETTERS, MOMENTS, NOTES, Found, kill_at, ready

from .mail import sink

LAST_STEP = {"commit": 11, "committed": 11, "marking": 8, "say": 25, "said": 25}
"""How often each moment comes in a run that nobody breaks off."""


def main(kills: int, seed: int) -> int:
    dice, found = random.Random(seed), list[Found]()
    with tempfile.TemporaryDirectory() as scratch, sink(Path(scratch)) as port:
        folder = Path(scratch)
        app = ready(folder, int(port))
        with app.app_context():
            set_up()
            db.session.remove()
            db.engine.dispose()
            for number in range(1, kills + 1):
                moment = dice.choice(MOMENTS)
                step = dice.randint(1, LAST_STEP[moment])
                found.append(kill_at(app, folder / "taken.jsonl", moment, step))
                if is_wrong(found[-1]):
                    print(*standing_of_mail(), sep="\n", file=sys.stderr)
                    break  # what follows would tell of this one again
                if number % 100 == 0:
                    print(f"{number} of {kills}", file=sys.stderr, flush=True)
    return account(found)


def account(found: list[Found]) -> int:
    """Print what became of all of them; return 1 where something must not have been."""
    states = sum((Counter(one.states) for one in found), Counter[str]())
    wrong = [one for one in found if is_wrong(one)]
    print(
        f"{sum(one.killed for one in found)} of {len(found)} workers were killed; of {len(found) * LETTERS} letters "
        f"{', '.join(f'{count} {state}' for state, count in states.most_common())}; "
        f"{sum(one.letters_twice for one in found)} twice, {sum(one.letters_lost for one in found)} lost; "
        f"of {len(found) * NOTES} urgent messages {sum(one.notes_lost for one in found)} lost."
    )
    for one in wrong:
        print(f"wrong: {one}")
    return 1 if wrong else 0


def is_wrong(one: Found) -> bool:
    """Tell whether a run broke a promise."""
    bad = one.letters_twice or one.letters_lost or one.notes_lost or not one.done
    return bool(bad) or sum(one.states.values()) != LETTERS or one.states.get("in doubt", 0) > 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    typed = parser.parse_args()
    sys.exit(main(typed.kills, typed.seed))
