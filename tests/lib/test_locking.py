"""Whoever runs with the data holds them; nobody clears them away meanwhile."""

import os

import pytest

from blog.lib.locking import in_use, out_of_use
from blog.lib.refusing import Refused

REFUSAL = "A server runs."


def is_free() -> bool:
    try:
        with out_of_use(REFUSAL):
            return True
    except Refused as refused:
        return str(refused) != REFUSAL


@pytest.mark.usefixtures("app")
def test_servers_share_the_data_and_nobody_has_them_alone_until_the_last_is_gone() -> None:
    with in_use():
        with in_use():
            assert not is_free()
        assert not is_free()
    assert is_free()


@pytest.mark.usefixtures("app")
def test_a_process_that_was_forked_holds_the_data_after_its_parent_let_go() -> None:
    wait, end = os.pipe()
    with in_use():
        child = os.fork()
        if not child:
            os.close(end)
            os.read(wait, 1)  # until the parent has closed its end
            os._exit(0)
    os.close(wait)
    assert not is_free()
    os.close(end)
    os.waitpid(child, 0)
    assert is_free()


@pytest.mark.usefixtures("app")
def test_one_at_a_time_has_the_data_alone() -> None:
    with out_of_use(REFUSAL):
        assert not is_free()
    assert is_free()
