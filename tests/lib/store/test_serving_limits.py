"""More than can be made at once waits its turn or is told to come back; what is finished is always there."""

from concurrent.futures import ThreadPoolExecutor, wait
from threading import Semaphore

import pytest

from blog.lib.db import THREADS, write
from blog.lib.store import serving
from blog.lib.store.gating import Rooms
from blog.lib.store.serving import ALWAYS_FREE, ROOMS
from blog.settings.declaring import choose

from .holding import Held, answers, started
from .sample import HANGING, Sample

LIMIT = THREADS - ALWAYS_FREE


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
    sample.store._rooms = Rooms(0)  # as if others were making pages without end
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: sample.ask("/sample")).result(HANGING).status == 200


def test_a_post_needs_no_room(sample: Sample) -> None:
    sample.store._rooms = Rooms(0)
    with ThreadPoolExecutor(1) as pool:
        posted = pool.submit(lambda: sample.ask("/newsletter/signup", method="POST"))
        assert posted.result(HANGING).status == 422


def test_more_than_can_be_answered_is_told_to_come_back_and_finished_pages_go_on(sample: Sample) -> None:
    held = Held("no-store")
    sample.page("/held", held)
    sample.store._rooms = Rooms(LIMIT)  # all that are let in stand in the view
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


def test_those_who_were_let_in_to_wait_need_no_second_place_to_go_ahead(
    sample: Sample, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serving, "BRIEFLY", 0.0)
    held = Held("no-store")
    sample.page("/held", held)
    with ThreadPoolExecutor(LIMIT) as pool:
        first = pool.submit(lambda: sample.ask("/held"))
        held.wait_for(1)
        begun = started(pool, LIMIT - 1, lambda: sample.ask("/held"))
        while sample.store._threads._value:  # until all places are taken
            held.let_go.wait(0.01)
        held.let_go.set()
        assert {each.status for each in answers([first, *begun])} == {200}
