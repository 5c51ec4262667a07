"""Many who ask at the same moment: a page is made once, nobody waits for nothing, and nobody takes all places."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from blog.lib.store import serving
from blog.lib.store.serving import ROOMS

from .holding import Held, answers, started
from .sample import HANGING, Sample, titled


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
