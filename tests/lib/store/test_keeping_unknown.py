"""Unknown addresses, and those whose answers are never kept, are remembered within bounds."""

from collections.abc import Callable

import pytest

from blog.lib.edition import Reading
from blog.lib.store.answers import Answer
from blog.lib.store.keeping import Key, Nowhere, Passing

ROOM = 40_000
NOW = Reading(2, 0.0, 2.0**40)
LATER = Reading(4, 0.0, 2.0**40)


def page(size: int = 1000, reading: Reading = NOW, letter: bytes = b"a", kind: str = "text/html") -> Answer:
    return Answer("200 OK", [("Content-Type", kind)], letter * size, reading)


def missing(reading: Reading = NOW, body: bytes = b"not here") -> Answer:
    return Answer("404 NOT FOUND", [("Content-Type", "text/html")], body, reading)


def test_an_unknown_address_is_known_afterwards_and_no_other() -> None:
    nowhere, answer = Nowhere(), missing()
    nowhere.put("/a", answer)
    nowhere.put(("/b", "page=2"), missing())
    assert (nowhere.get("/a"), nowhere.get(("/b", "page=2"))) == (answer, answer)
    assert [nowhere.get(key) for key in ("/b", ("/a", "page=2"), "/b?page=2")] == [None, None, None]


@pytest.mark.parametrize(
    "other", [missing(LATER), missing(NOW._replace(until=9.0)), missing(body=b"nicht hier")]
)
def test_unknown_addresses_are_of_one_edition_and_one_page(other: Answer) -> None:
    nowhere = Nowhere()
    nowhere.put("/a", missing())
    nowhere.put("/b", other)
    assert (nowhere.get("/a"), nowhere.get("/b")) == (None, other)


def test_the_number_of_unknown_addresses_is_bounded_and_the_later_half_stays() -> None:
    nowhere, answer = Nowhere(), missing()
    for number in range(Nowhere.MOST * 3 + 10):
        nowhere.put(f"/{number}", answer)
    known = [number for number in range(Nowhere.MOST * 3 + 10) if nowhere.get(f"/{number}")]
    assert len(known) <= Nowhere.MOST
    assert known == list(range(known[0], Nowhere.MOST * 3 + 10))
    assert len(known) >= Nowhere.MOST // 2


@pytest.mark.parametrize("key", ["/" + "a" * Nowhere.LONGEST, ("/a", "q=" + "b" * Nowhere.LONGEST)])
def test_an_address_that_is_very_long_is_not_remembered(key: Key) -> None:
    nowhere = Nowhere()
    nowhere.put(key, missing())
    assert nowhere.get(key) is None
    nowhere.put("/" + "a" * (Nowhere.LONGEST - 1), missing())
    assert nowhere.get("/" + "a" * (Nowhere.LONGEST - 1)) is not None


def test_an_address_whose_answers_pass_by_is_known_until_one_is_kept() -> None:
    passing = Passing()
    passing.learn("/a", is_kept=False)
    passing.learn("/b", is_kept=True)
    passing.learn("/" + "a" * Nowhere.LONGEST, is_kept=False)
    assert [path in passing for path in ("/a", "/b", "/" + "a" * Nowhere.LONGEST)] == [True, False, False]
    passing.learn("/a", is_kept=True)
    assert "/a" not in passing


def test_the_number_of_addresses_that_pass_by_is_bounded() -> None:
    passing, most = Passing(), 0
    for number in range(Passing.MOST * 2 + 5):
        passing.learn(f"/{number}", is_kept=False)
        assert f"/{number}" in passing
        most = max(most, len(passing._paths))
    assert most == Passing.MOST


class Meanwhile(str):
    """An address that lets something happen at the moment at which it is looked up."""

    happens: Callable[[], object]

    def __eq__(self, other: object) -> bool:
        same = str.__eq__(self, other)
        self.happens()
        return same

    __hash__ = str.__hash__


def test_an_edition_that_changes_during_a_look_up_does_not_answer_for_the_one_before() -> None:
    nowhere = Nowhere()
    nowhere.put("/published-now", missing())
    asked = Meanwhile("/published-now")
    asked.happens = lambda: nowhere.put("/b", missing(LATER))
    found = nowhere.get(asked)
    assert found is None or found.word == NOW.word


class Slow(Answer):
    """An answer that lets something happen at the moment at which it is put."""

    meanwhile: list[Callable[[], object]]

    @property
    def digest(self) -> str:
        while self.meanwhile:
            self.meanwhile.pop()()
        return super().digest


def test_what_was_unknown_in_the_edition_before_is_never_unknown_in_the_next() -> None:
    nowhere = Nowhere()
    nowhere.put("/a", missing())
    slow = Slow("404 NOT FOUND", [("Content-Type", "text/html")], b"not here", NOW)
    slow.meanwhile = [lambda: nowhere.put("/b", missing(LATER))]
    nowhere.put("/published-now", slow)
    found = nowhere.get("/published-now")
    assert found is None or found.word == NOW.word
