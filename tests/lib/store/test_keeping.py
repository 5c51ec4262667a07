"""The shelf is bounded by bytes, whatever is put on it, and lets go what was asked for longest ago."""

import sys
import threading
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blog.lib.edition import Reading
from blog.lib.store.answers import AROUND, Answer
from blog.lib.store.keeping import LARGEST_SHARE, Shelf

ROOM = 40_000
NOW = Reading(2, 0.0, 2.0**40)
LATER = Reading(4, 0.0, 2.0**40)


def page(size: int = 1000, reading: Reading = NOW, letter: bytes = b"a", kind: str = "text/html") -> Answer:
    return Answer("200 OK", [("Content-Type", kind)], letter * size, reading)


def missing(reading: Reading = NOW, body: bytes = b"not here") -> Answer:
    return Answer("404 NOT FOUND", [("Content-Type", "text/html")], body, reading)


def keys(shelf: Shelf, names: str = "abcdefghij") -> str:
    """Return which of these are kept, without asking for them."""
    return "".join(name for name in names if name in shelf._kept)


def test_what_was_put_is_found_and_nothing_else() -> None:
    shelf, answer = Shelf(ROOM), page()
    shelf.put("/a", answer)
    assert (shelf.get("/a"), shelf.get("/b"), len(shelf), shelf.used) == (answer, None, 1, 1000 + AROUND)


def test_a_path_with_a_question_mark_is_not_a_path_and_a_query() -> None:
    shelf, one, other = Shelf(ROOM), page(letter=b"a"), page(letter=b"b")
    shelf.put("/a?page=2", one)
    shelf.put(("/a", "page=2"), other)
    assert (shelf.get("/a?page=2"), shelf.get(("/a", "page=2")), len(shelf)) == (one, other, 2)


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    shelf = Shelf(ROOM)
    for name in "abcd":
        shelf.put(name, page(ROOM // LARGEST_SHARE - AROUND))
    assert (keys(shelf), shelf.used) == ("abcd", ROOM)
    shelf.get("a")
    shelf.get("c")
    shelf.put("e", page(1))
    assert keys(shelf) == "acde"
    shelf.put("f", page(ROOM // LARGEST_SHARE - AROUND))
    assert keys(shelf) == "acef"


def test_what_takes_more_than_its_share_is_not_kept() -> None:
    shelf, most = Shelf(ROOM), ROOM // LARGEST_SHARE - AROUND
    shelf.put("a", page(most))
    shelf.put("b", page(most + 1))
    assert keys(shelf) == "a"


def test_a_shelf_without_room_keeps_nothing() -> None:
    shelf = Shelf(0)
    shelf.put("a", page(0))
    assert (shelf.get("a"), len(shelf), shelf.used) == (None, 0, 0)


def test_putting_again_takes_the_place_and_the_fame_of_what_was_there() -> None:
    shelf, newer = Shelf(ROOM), page(500)
    shelf.put("a", page(3000))
    shelf.get("a")
    shelf.get("a")
    shelf.put("a", newer)
    assert (len(shelf), shelf.used, newer.hits) == (1, 500 + AROUND, 2)


def test_the_same_answer_put_twice_is_counted_once() -> None:
    shelf, answer = Shelf(ROOM), page()
    shelf.put("a", answer)
    shelf.put("a", answer)
    assert (len(shelf), shelf.used) == (1, 1000 + AROUND)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_a_form_that_is_made_later_is_counted_at_once(encoding: str) -> None:
    shelf, answer = Shelf(ROOM), page()
    shelf.put("a", answer)
    packed = len(answer.form(encoding).body[0])
    assert shelf.used == 1000 + AROUND + packed


def test_a_form_that_is_made_later_makes_others_go() -> None:
    shelf = Shelf(ROOM)
    answers = {name: page(ROOM // LARGEST_SHARE - AROUND) for name in "abcd"}
    for name, answer in answers.items():
        shelf.put(name, answer)
    answers["d"].form("br")
    assert keys(shelf) == "bcd"
    answers["b"].form("gzip")
    assert keys(shelf) == "bcd"
    assert shelf.used <= ROOM


def test_forms_of_what_is_gone_count_nothing() -> None:
    shelf, gone = Shelf(ROOM), page()
    shelf.put("a", gone)
    shelf.put("a", page())
    gone.form("br")
    assert shelf.used == 1000 + AROUND


OPERATIONS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from("abcdefgh"), st.integers(0, 12_000)),
        st.tuples(st.just("get"), st.sampled_from("abcdefgh"), st.just(0)),
        st.tuples(st.sampled_from(["br", "gzip"]), st.sampled_from("abcdefgh"), st.just(0)),
        st.tuples(st.just("hottest"), st.just("a"), st.integers(0, 5)),
        st.tuples(st.just("drop"), st.sampled_from("abcdefgh"), st.just(0)),
    ),
    max_size=60,
)


class Plain:
    """A shelf as plain as can be, to compare with."""

    def __init__(self) -> None:
        self.kept: OrderedDict[str, Answer] = OrderedDict()
        self.hits: dict[str, int] = {}

    @property
    def used(self) -> int:
        return sum(answer.size for answer in self.kept.values())

    def put(self, key: str, answer: Answer) -> None:
        if answer.size * LARGEST_SHARE <= ROOM:
            hits = self.hits.get(key, 0)
            self.drop(key)
            self.kept[key], self.hits[key] = answer, hits
            self.make_room()

    def get(self, key: str) -> Answer | None:
        if key in self.kept:
            self.kept.move_to_end(key)
            self.hits[key] += 1
        return self.kept.get(key)

    def drop(self, key: str) -> None:
        self.kept.pop(key, None)
        self.hits.pop(key, None)

    def make_room(self) -> None:
        while self.used > ROOM:
            self.drop(next(iter(self.kept)))

    def hottest(self, most: int) -> list[int]:
        hot = sorted((hits for hits in self.hits.values()), reverse=True)[:most]
        self.hits = {key: hits // 2 for key, hits in self.hits.items()}
        return [hits for hits in hot if hits]


@settings(max_examples=200, deadline=None)
@given(OPERATIONS)
def test_it_does_what_the_plain_one_does_and_never_takes_more_than_its_room(
    operations: list[tuple[str, str, int]],
) -> None:
    shelf, plain = Shelf(ROOM), Plain()
    for what, key, size in operations:
        if what == "put":
            answer = page(size, kind="text/html")
            shelf.put(key, answer)
            plain.put(key, answer)
        elif what == "get":
            assert shelf.get(key) is plain.get(key)
        elif what == "drop":
            shelf.drop(key)
            plain.drop(key)
        elif what == "hottest":
            assert len(shelf.hottest(size)) == len(plain.hottest(size))
        elif key in plain.kept:
            plain.kept[key].form(what)
            plain.make_room()
        assert (list(shelf._kept), shelf.used) == (list(plain.kept), plain.used)
        assert {name: answer.hits for name, answer in shelf._kept.items()} == plain.hits
        assert 0 <= shelf.used <= ROOM


def test_what_is_asked_for_most_is_hottest_and_fame_fades() -> None:
    shelf = Shelf(ROOM)
    for name, times in (("a", 1), ("b", 5), ("c", 0), ("d", 3)):
        shelf.put(name, page())
        for _ in range(times):
            shelf.get(name)
    assert shelf.hottest(2) == ["b", "d"]
    assert shelf.hottest(9) == ["b", "d"]
    assert shelf.hottest(9) == ["b"]
    assert shelf.hottest(9) == []


NAMES = [f"/{number}" for number in range(40)]


def ask_until(done: threading.Event, shelf: Shelf, first: int) -> int:
    times = 0
    while not done.is_set():
        for name in NAMES[first::3]:
            shelf.get(name)
        times += 1
    return times


def put_often(shelf: Shelf, first: int) -> None:
    for times in range(150):
        for name in NAMES[first::2]:
            answer = page(500 + times)
            shelf.put(name, answer)
            answer.form("br")


def count_often(shelf: Shelf) -> None:
    for _ in range(400):
        shelf.hottest(5)


def test_threads_that_ask_put_and_count_together_disturb_nobody() -> None:
    shelf, done = Shelf(ROOM), threading.Event()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns in the middle of everything
    try:
        with ThreadPoolExecutor(8) as pool:
            asking = [pool.submit(ask_until, done, shelf, first) for first in range(3)]
            working = [pool.submit(put_often, shelf, first) for first in range(2)]
            working.append(pool.submit(count_often, shelf))
            try:
                for work in working:
                    work.result(60)
            finally:
                done.set()
            assert all(work.result(60) for work in asking)
    finally:
        sys.setswitchinterval(before)
    assert shelf.used == sum(answer.size for answer in shelf._kept.values()) <= ROOM
