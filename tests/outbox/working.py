"""One worker that sends what is due, and ends: `python -m tests.outbox.working FOLDER PORT [MOMENT:NUMBER | MINUTES]`.

At the n-th time of a moment (dying.py) it stands still until it is told to go on; with MINUTES its clock is ahead.
"""

import signal
import sys
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

from blog.lib.clock import held_at, now

from .dying import Death, ready
from .sending import kinds, send_all


def main(folder: str, port: str, how: str = "0") -> None:
    """Send all that is due."""
    moment, _, number = how.partition(":")
    with ready(Path(folder), int(port)).app_context(), kinds():
        if number:
            Death(moment, int(number), signal.SIGSTOP).lurk()
        with nullcontext() if number or moment == "0" else held_at(now() + timedelta(minutes=int(moment))):
            send_all()


if __name__ == "__main__":
    main(*sys.argv[1:])
