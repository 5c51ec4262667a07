"""Many who ask at the same moment: a page is made once, nobody waits for nothing, and nobody takes all places."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Barrier, Event, Semaphore
from typing import Any

import pytest

from blog.lib.db import THREADS, write
from blog.lib.store import serving
from blog.lib.store.serving import ALWAYS_FREE, ROOMS
from blog.settings import identity
from blog.settings.declaring import choose

from .sample import HANGING, Sample, Told, titled

LIMIT = THREADS - ALWAYS_FREE


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


def test_a_hundred_who_ask_for_one_page_together_have_it_made_once(sample: Sample) -> None:
    with ThreadPoolExecutor(100) as pool:
        found = answers(started(pool, 100, lambda: sample.ask("/sample")))
    assert {answer.status for answer in found} == {200}
    assert {answer.body for answer in found} == {sample.ask("/sample").body}
    assert sample.made["/sample"] == 1


def test_a_hundred_who_ask_while_it_is_made_wait_for_it(sample: Sample) -> None:
    held = Held()
    sample.page("/held", held)
    with ThreadPoolExecutor(100) as pool:
        first = pool.submit(lambda: sample.ask("/held"))
        held.wait_for(1)
        begun = started(pool, 99, lambda: sample.ask("/held"))
        held.let_go.set()
        found = answers([first, *begun])
    assert ({(answer.status, answer.text) for answer in found}, sample.made["/held"]) == (
        {(200, "Broadsheet")},
        1,
    )


def test_a_hundred_who_ask_for_an_unknown_address_have_it_looked_up_once(sample: Sample) -> None:
    def unknown() -> Any:
        return titled(), 404, {"Cache-Control": "public, no-cache"}

    sample.page("/unknown", unknown)
    with ThreadPoolExecutor(100) as pool:
        found = answers(started(pool, 100, lambda: sample.ask("/unknown")))
    assert ({answer.status for answer in found}, sample.made["/unknown"]) == ({404}, 1)


def test_those_who_wait_while_the_edition_moves_on_get_the_new_page_and_do_not_all_make_it(
    sample: Sample,
) -> None:
    held = Held()
    sample.page("/held", held)
    with ThreadPoolExecutor(100) as pool:
        first = pool.submit(lambda: sample.ask("/held"))
        held.wait_for(1)
        sample.rename("New")
        begun = started(pool, 99, lambda: sample.ask("/held"))
        held.let_go.set()
        assert (first.result(HANGING).text, {each.text for each in answers(begun)}) == ("Broadsheet", {"New"})
    assert sample.made["/held"] == 2


@pytest.mark.parametrize("rule", ["no-store", "private", "public, no-store"])
def test_what_is_not_kept_is_made_for_many_at_the_same_time(
    sample: Sample, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    monkeypatch.setattr(serving, "PATIENCE", HANGING * 2.0)
    together = Barrier(ROOMS)
    asked: list[int] = []

    def view() -> Any:
        asked.append(1)
        if len(asked) > 1:
            together.wait(HANGING)  # passes only if so many are made at the same time
        return "made", {"Cache-Control": rule}

    sample.page("/unkept", view)
    sample.ask("/unkept")
    with ThreadPoolExecutor(ROOMS) as pool:
        found = answers(started(pool, ROOMS, lambda: sample.ask("/unkept")))
    assert {(answer.status, answer.text) for answer in found} == {(200, "made")}


def test_those_who_wait_for_what_turns_out_not_to_be_kept_go_ahead_together(sample: Sample) -> None:
    held = Held("no-store")
    sample.page("/held", held)
    with ThreadPoolExecutor(ROOMS) as pool:
        begun = started(pool, ROOMS, lambda: sample.ask("/held"))
        held.wait_for(1)
        held.let_go.set()
        assert {each.text for each in answers(begun)} == {"Broadsheet"}
    assert sample.made["/held"] == ROOMS


def test_an_address_that_was_at_fault_is_kept_when_it_is_well(sample: Sample) -> None:
    tries: list[int] = []

    def view() -> str:
        tries.append(1)
        if len(tries) == 1:
            raise ZeroDivisionError
        return "well"

    sample.page("/view", view)
    assert [sample.ask("/view").status for _ in range(3)] == [500, 200, 200]
    assert sample.made["/view"] == 2


def test_a_fault_of_the_first_leaves_nobody_waiting(sample: Sample) -> None:
    held, tries = Held(), []

    def view() -> Any:
        tries.append(1)
        if len(tries) == 1:
            held()
            raise ZeroDivisionError
        return "well"

    sample.page("/fault", view)
    with ThreadPoolExecutor(10) as pool:
        first = pool.submit(lambda: sample.ask("/fault"))
        held.wait_for(1)
        begun = started(pool, 9, lambda: sample.ask("/fault"))
        held.let_go.set()
        assert (first.result(HANGING).status, {each.text for each in answers(begun)}) == (500, {"well"})
    assert sample.store._landings == {}


def test_whoever_has_waited_long_enough_makes_it_too(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "PATIENCE", 0.0)
    held = Held()
    sample.page("/held", held)
    with ThreadPoolExecutor(2) as pool:
        begun = [pool.submit(lambda: sample.ask("/held")) for _ in range(2)]
        held.wait_for(2)
        held.let_go.set()
        assert [each.text for each in answers(begun)] == ["Broadsheet"] * 2


def test_only_a_few_pages_are_made_at_once(sample: Sample) -> None:
    held = Held()
    for number in range(ROOMS + 3):
        sample.page(f"/held-{number}", held)
    with ThreadPoolExecutor(ROOMS + 3) as pool:
        begun = [pool.submit(sample.ask, f"/held-{number}") for number in range(ROOMS + 3)]
        held.wait_for(ROOMS)
        assert (sample.made.total(), len(wait(begun, timeout=0.05).done)) == (ROOMS, 0)
        held.let_go.set()
        assert {each.status for each in answers(begun)} == {200}


def test_finished_pages_are_answered_while_all_rooms_are_taken(sample: Sample) -> None:
    sample.ask("/sample")
    sample.store._rooms = Semaphore(0)  # as if others were making pages without end
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: sample.ask("/sample")).result(HANGING).status == 200


def test_a_post_needs_no_room(sample: Sample) -> None:
    sample.store._rooms = Semaphore(0)
    with ThreadPoolExecutor(1) as pool:
        posted = pool.submit(lambda: sample.ask("/newsletter/signup", method="POST"))
        assert posted.result(HANGING).status == 422


def test_more_than_can_be_answered_is_told_to_come_back_and_finished_pages_go_on(sample: Sample) -> None:
    held = Held("no-store")
    sample.page("/held", held)
    sample.store._rooms = Semaphore(LIMIT)  # all that are let in stand in the view
    sample.ask("/sample")
    with ThreadPoolExecutor(LIMIT) as pool:
        begun = [pool.submit(sample.ask, "/held", HTTP_HOST="Journal.Example.Org") for _ in range(LIMIT)]
        held.wait_for(LIMIT)
        refused = [sample.ask("/other"), sample.ask("/newsletter/signup", method="POST"), sample.ask("/x")]
        kept = sample.ask("/sample")
        head = sample.ask("/other", method="HEAD")
        held.let_go.set()
        assert {each.status for each in answers(begun)} == {200}
    assert [(answer.status, answer["Retry-After"]) for answer in refused] == [(503, "5")] * 3
    assert (kept.status, kept.text.startswith("<h1>Broadsheet</h1>")) == (200, True)
    assert (head.status, head.headers, head.body) == (503, refused[0].headers, b"")
    assert [sample.ask("/other").status, sample.ask("/x").status] == [200, 404]


def test_those_who_wait_for_one_slow_page_do_not_take_every_thread(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "BRIEFLY", 0.0)
    held = Held()
    sample.page("/held", held)
    sample.ask("/sample")
    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(lambda: sample.ask("/held"))
        held.wait_for(1)
        begun = started(pool, THREADS - 1, lambda: sample.ask("/held"))
        refused = wait(begun, timeout=0.05).done
        while len(refused) < ALWAYS_FREE:
            refused = wait(begun, timeout=HANGING, return_when="FIRST_COMPLETED").done
        assert pool.submit(lambda: sample.ask("/sample")).result(HANGING).status == 200
        held.let_go.set()
        statuses = sorted(each.status for each in answers([first, *begun]))
    assert statuses == [200] * LIMIT + [503] * ALWAYS_FREE
    assert sample.made["/held"] == 1


def test_the_page_of_a_busy_site_is_whole_safe_and_in_its_language(sample: Sample) -> None:
    page = sample.ask("/sample")
    sample.store._threads = Semaphore(0)
    english = sample.ask("/other")
    sample.store._threads = Semaphore(LIMIT)
    with sample.app.app_context(), write():
        choose("site.language", "de")
    sample.ask("/")
    sample.store._threads = Semaphore(0)
    german = sample.ask("/other")
    assert ['<html lang="en"' in english.text, '<html lang="de"' in german.text] == [True, True]
    assert english["Content-Type"] == page["Content-Type"]
    assert (english["Cache-Control"], english["Content-Length"]) == ("no-store", str(len(english.body)))
    safety = (
        *("Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy"),
        *("Permissions-Policy", "Cross-Origin-Opener-Policy", "Strict-Transport-Security"),
    )
    assert {name: english[name] for name in safety} == {name: page[name] for name in safety}
