"""Views that stand still, and readers that begin together."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier, Event, Semaphore
from typing import Any

from blog.settings import identity

from .sample import HANGING, Told


class Held:
    """A view that stands still until it is let go; `entered` counts who came in."""

    def __init__(self, rule: str = "") -> None:
        self.entered = Semaphore(0)
        self.let_go = Event()
        self._rule = rule

    def __call__(self) -> Any:
        title = identity.title.get()
        self.entered.release()
        assert self.let_go.wait(HANGING)
        return (title, {"Cache-Control": self._rule}) if self._rule else title

    def wait_for(self, count: int) -> None:
        for _ in range(count):
            assert self.entered.acquire(timeout=HANGING)


def started(pool: ThreadPoolExecutor, count: int, do: Callable[[], Told]) -> list[Future[Told]]:
    """Let so many threads begin together."""
    begin = Barrier(count + 1)

    def one() -> Told:
        begin.wait(HANGING)
        return do()

    begun = [pool.submit(one) for _ in range(count)]
    begin.wait(HANGING)
    return begun


def answers(begun: list[Future[Told]]) -> list[Told]:
    return [each.result(HANGING) for each in begun]
