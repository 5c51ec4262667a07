"""Rooms are few, and given away in the order in which readers came."""

import threading

from blog.lib.store.gating import Rooms

HANGING = 30.0


def in_line(rooms: Rooms, number: int) -> int:
    """Return how many wait once so many do."""
    while len(rooms._queue) < number:
        threading.Event().wait(0.001)
    return len(rooms._queue)


def test_no_more_than_so_many_are_inside() -> None:
    rooms, inside, most = Rooms(2), [], []

    def make_a_page() -> None:
        for _ in range(200):
            with rooms:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=make_a_page) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANGING)
    assert (len(most), max(most) <= 2, inside) == (1600, True, [])


def test_whoever_waits_longest_is_next() -> None:
    rooms, came = Rooms(1), []

    def enter(name: int) -> None:
        with rooms:
            came.append(name)

    threads = [threading.Thread(target=enter, args=(number,)) for number in range(5)]
    with rooms:
        for number, thread in enumerate(threads, 1):
            thread.start()
            assert in_line(rooms, number) == number
    for thread in threads:
        thread.join(HANGING)
    assert came == [0, 1, 2, 3, 4]


def test_a_room_is_free_again_after_a_failure() -> None:
    rooms = Rooms(1)
    for _ in range(3):
        try:
            with rooms:
                raise ValueError("the page could not be made")
        except ValueError:
            continue
    with rooms:
        assert rooms._free == 0
    assert rooms._free == 1
