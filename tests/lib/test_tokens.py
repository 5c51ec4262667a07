"""A token proves what it says, for one purpose and one row, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.lib.tokens import hash_of_token, is_sealed, numbers_in, seal

KEY = b"a key that only tests have"


@given(st.lists(st.integers(0, 2**48 - 1), min_size=1, max_size=3), st.text(max_size=20))
def test_a_token_says_its_numbers_and_proves_them(numbers: list[int], seed: str) -> None:
    token = seal(KEY, "confirm", tuple(numbers), seed)
    assert numbers_in(token, len(numbers)) == tuple(numbers)
    assert is_sealed(token, KEY, "confirm", tuple(numbers), seed)


@pytest.mark.parametrize(
    ("key", "purpose", "numbers", "seed"),
    [
        (b"another key", "confirm", (7, 9), "a"),
        (KEY, "preferences", (7, 9), "a"),
        (KEY, "confirm", (7, 8), "a"),
        (KEY, "confirm", (7, 9), "b"),
    ],
)
def test_nothing_else_is_proven(key: bytes, purpose: str, numbers: tuple[int, ...], seed: str) -> None:
    assert not is_sealed(seal(KEY, "confirm", (7, 9), "a"), key, purpose, numbers, seed)


@pytest.mark.parametrize("token", ["", "x", "ä" * 40, "a" * 200, "=" * 30, seal(KEY, "confirm", (1, 2))])
def test_what_is_no_token_says_nothing(token: str) -> None:
    assert numbers_in(token, 1) is None


def test_every_other_spelling_of_a_token_is_refused() -> None:
    token = seal(KEY, "confirm", (7,), "a")
    others = [token[:place] + letter + token[place + 1 :] for place in range(len(token)) for letter in "AB-z"]
    assert [other for other in others if other != token and is_sealed(other, KEY, "confirm", (7,), "a")] == []


def test_what_is_kept_of_a_random_token_is_its_sha256() -> None:
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert hash_of_token("abc") == expected
