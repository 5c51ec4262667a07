"""What readers ask for most is made anew before they ask again: by edition, bounded, and never wrong."""

import datetime as dt

import pytest

from blog.lib.store.keeping import Key
from blog.lib.store.warming import MOST, Warmer

from .sample import Sample

MOMENT = dt.datetime(2030, 6, 2, 10, tzinfo=dt.UTC)


@pytest.fixture
def warmer(sample: Sample) -> Warmer:
    """Return what looks at the edition of the sample; the test lets it look."""
    made = Warmer(sample.app, sample.store)
    made.look()
    return made


def is_fresh(sample: Sample, key: Key) -> bool:
    return sample.store._fresh(key) is not None


def test_hot_pages_are_fresh_before_anyone_asks(sample: Sample, warmer: Warmer) -> None:
    for _ in range(3):
        sample.ask("/sample")
    sample.ask("/other")
    sample.rename("New")
    assert not is_fresh(sample, "/sample")
    warmer.look()
    made = dict(sample.made)
    assert made == {"/sample": 2, "/other": 1}
    answer = sample.ask("/sample", HTTP_ACCEPT_ENCODING="gzip")
    assert (answer.status, answer["Content-Encoding"], dict(sample.made)) == (200, "gzip", made)
    assert sample.ask("/sample").text.startswith("<h1>New</h1>")


def test_every_form_of_a_hot_page_is_ready(sample: Sample, warmer: Warmer) -> None:
    for _ in range(3):
        sample.ask("/sample")
    sample.rename("New")
    warmer.look()
    answer = sample.store._fresh("/sample")
    assert answer is not None
    assert sorted(answer._forms) == ["br", "gzip"]


def test_what_a_reader_gets_after_warming_is_what_a_reader_would_have_made(
    sample: Sample, warmer: Warmer
) -> None:
    first = [sample.ask("/sample", HTTP_ACCEPT_ENCODING=each) for each in ("", "gzip", "br")]
    sample.rename("New")
    sample.rename("Broadsheet")
    warmer.look()
    made = sample.made.total()
    again = [sample.ask("/sample", HTTP_ACCEPT_ENCODING=each) for each in ("", "gzip", "br")]
    assert (again, sample.made.total()) == (first, made)


def test_pages_of_a_listing_are_warmed_each_under_its_own_key(sample: Sample) -> None:
    sample.page("/list", known=("page",))
    warmer = Warmer(sample.app, sample.store)
    warmer.look()
    for page in ("page=2", "page=3", "", "page=2", "page=3", ""):
        sample.ask("/list", page)
    sample.rename("New")
    warmer.look()
    assert [is_fresh(sample, key) for key in ("/list", ("/list", "page=2"), ("/list", "page=3"))] == [
        True
    ] * 3
    assert sample.made["/list"] == 6


def test_in_the_same_edition_nothing_is_made(sample: Sample, warmer: Warmer) -> None:
    for _ in range(3):
        sample.ask("/sample")
    for _ in range(5):
        warmer.look()
    assert sample.made["/sample"] == 1


def test_the_first_look_makes_nothing(sample: Sample) -> None:
    for _ in range(3):
        sample.ask("/sample")
    sample.rename("New")
    Warmer(sample.app, sample.store).look()
    assert sample.made["/sample"] == 1


def test_no_more_than_a_few_are_made_and_those_that_were_asked_for_most(sample: Sample) -> None:
    for number in range(MOST + 6):
        sample.page(f"/page-{number}")
    warmer = Warmer(sample.app, sample.store)
    warmer.look()
    for number in range(MOST + 6):
        for _ in range(number + 1):
            sample.ask(f"/page-{number}")
    sample.rename("New")
    warmer.look()
    assert [number for number in range(MOST + 6) if is_fresh(sample, f"/page-{number}")] == list(
        range(6, MOST + 6)
    )


def test_searches_and_unknown_addresses_are_left_to_who_asks(sample: Sample) -> None:
    sample.page("/find", free=("q",))
    warmer = Warmer(sample.app, sample.store)
    warmer.look()
    for _ in range(5):
        sample.ask("/find", "q=a")
        sample.ask("/nowhere")
    sample.rename("New")
    warmer.look()
    assert (sample.made["/find"], is_fresh(sample, ("/find", "q=a")), is_fresh(sample, "/nowhere")) == (
        1,
        False,
        False,
    )


def test_it_stops_when_the_edition_moves_on_and_begins_again_with_the_next(sample: Sample) -> None:
    calls: list[str] = []

    def moving(path: str) -> str:
        calls.append(path)
        if len(calls) == 4:
            sample.rename("Newest")
        return path

    for number in range(3):
        sample.page(f"/page-{number}", lambda number=number: moving(f"/page-{number}"))
    warmer = Warmer(sample.app, sample.store)
    warmer.look()
    for number in range(3):
        for _ in range(9 - number):
            sample.ask(f"/page-{number}")
    calls[:] = calls[:3]
    sample.rename("New")
    warmer.look()
    assert calls[3:] == ["/page-0"]
    warmer.look()
    assert sorted(calls[4:]) == ["/page-0", "/page-1", "/page-2"]
    assert [is_fresh(sample, f"/page-{number}") for number in range(3)] == [True] * 3


def test_it_stops_when_it_is_told_to(sample: Sample, warmer: Warmer) -> None:
    sample.ask("/sample")
    sample.ask("/sample")
    sample.rename("New")
    warmer.stop()
    warmer.look()
    assert sample.made["/sample"] == 1


def test_a_page_that_fails_does_not_keep_the_others_cold(sample: Sample) -> None:
    broken: list[int] = []

    def failing() -> str:
        if broken:
            raise ZeroDivisionError
        return "well"

    sample.page("/failing", failing)
    warmer = Warmer(sample.app, sample.store)
    warmer.look()
    for _ in range(9):
        sample.ask("/failing")
    sample.ask("/sample")
    sample.ask("/sample")
    broken.append(1)
    sample.rename("New")
    warmer.look()
    assert [is_fresh(sample, "/failing"), is_fresh(sample, "/sample")] == [False, True]


def test_a_page_that_nobody_asks_for_any_more_is_given_up_after_a_few_editions(
    sample: Sample, warmer: Warmer
) -> None:
    for _ in range(9):
        sample.ask("/sample")
    for number in range(12):
        sample.rename(f"Title {number}")
        warmer.look()
    assert (sample.made["/sample"], is_fresh(sample, "/sample")) == (1 + 4, False)
