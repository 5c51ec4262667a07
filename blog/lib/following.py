"""What belongs to a commit without being in the database: done just before it, or just after it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

Do = Callable[[list[Any]], None]

_log = logging.getLogger(__name__)


class Followings:
    """What was asked for inside one write(): the things to do, each with all that was given for it."""

    def __init__(self) -> None:
        self.before: dict[Do, list[Any]] = {}
        self.after: dict[Do, list[Any]] = {}

    def do_before(self) -> None:
        """Do what comes before the commit; what fails takes everything back."""
        for do, given in self.before.items():
            do(given)

    def do_after(self) -> None:
        """Do what comes after the commit; what fails is logged, since nothing can be taken back."""
        for do, given in self.after.items():
            try:
                do(given)
            except Exception:
                _log.exception("What should follow a commit failed.")

    @contextmanager
    def none_if_it_fails(self) -> Iterator[None]:
        """Forget what was asked for in here where it fails."""
        before, after = _copied(self.before), _copied(self.after)
        try:
            yield
        except BaseException:
            self.before, self.after = before, after
            raise


_asked: ContextVar[Followings] = ContextVar("what goes with the commit")


@contextmanager
def followings() -> Iterator[Followings]:
    """Gather what is asked for in here."""
    token = _asked.set(Followings())
    try:
        yield _asked.get()
    finally:
        _asked.reset(token)


def followings_now() -> Followings:
    """Return what was asked for until now in this write()."""
    return _asked.get()


def before_commit(do: Do, given: Any) -> None:
    """Let `do` be called with a list of all that was given for it, when all is written and before it is committed.

    What it raises takes everything back. Call inside write().
    """
    _asked.get().before.setdefault(do, []).append(given)


def after_commit(do: Do, given: Any) -> None:
    """Let `do` be called with a list of all that was given for it, once it is committed, still under the lock.

    It must not write to the database; what it raises is logged. Call inside write().
    """
    _asked.get().after.setdefault(do, []).append(given)


def _copied(asked: dict[Do, list[Any]]) -> dict[Do, list[Any]]:
    return {do: list(given) for do, given in asked.items()}
