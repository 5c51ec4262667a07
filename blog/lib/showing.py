"""How far a command is: one line that changes on a terminal, plain lines now and then elsewhere."""

import sys
import time

import click


class Shown:
    """Progress as a person sees it, told what is being done, how many are done, of how many."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._pause = 0.1 if self._terminal else 5.0
        self._last = 0.0

    def __call__(self, doing: str, done: int, of: int) -> None:
        """Show how far it is."""
        moment = time.monotonic()
        if done < of and moment - self._last < self._pause:
            return
        self._last = moment
        if self._terminal:
            click.echo(f"\r\033[K{doing}: {done} of {of}" + "\n" * (done == of), err=True, nl=False)
        else:
            click.echo(f"{doing}: {done} of {of}")
