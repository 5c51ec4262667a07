"""A writer that is killed anywhere costs time, never truth."""

import subprocess
from pathlib import Path

import pytest

from blog.lib.edition import CHANGING
from tests.lib.holding import COMMITTED, COMMITTING, WRITTEN, held
from tests.lib.store.sample import HANGING, Sample, ask

OLD, NEW = "<h1>Broadsheet</h1>", "<h1>New</h1>"
SHOWN = {WRITTEN: OLD, COMMITTING: OLD, COMMITTED: NEW}


def shown(sample: Sample, path: str = "/sample") -> str:
    return sample.ask(path).text.partition("words")[0]


def folder_of(sample: Sample) -> Path:
    folder: Path = sample.app.config["INSTANCE"]
    return folder


def kill(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.wait(HANGING)


@pytest.mark.parametrize("moment", [WRITTEN, COMMITTING, COMMITTED])
def test_while_a_writer_stands_still_readers_see_what_is_committed(sample: Sample, moment: str) -> None:
    assert shown(sample) == OLD
    before = sample.announcer.word.read()
    with held(folder_of(sample), moment, "New") as process:
        word = sample.announcer.word.read()
        assert word == (before if moment == WRITTEN else before | CHANGING)
        assert [shown(sample), shown(sample), shown(sample, "/other")] == [SHOWN[moment]] * 3
        # Nobody takes the turn of a writer who lives.
        assert sample.announcer.word.read() == word
        kept = sample.made["/other"]
        shown(sample, "/other")
        assert sample.made["/other"] - kept == (0 if moment == WRITTEN else 1)
        _, _ = process.communicate("\n", timeout=HANGING)
    assert sample.announcer.word.read() == before + 2
    assert (shown(sample), shown(sample, "/other")) == (NEW, NEW)


@pytest.mark.parametrize("moment", [WRITTEN, COMMITTING, COMMITTED])
def test_when_it_is_killed_the_next_reader_puts_the_word_right(sample: Sample, moment: str) -> None:
    assert shown(sample) == OLD
    before = sample.announcer.word.read()
    with held(folder_of(sample), moment, "New") as process:
        kill(process)
    left = sample.announcer.word.read()
    assert left == (before if moment == WRITTEN else before | CHANGING)
    assert shown(sample) == SHOWN[moment]
    assert sample.announcer.word.read() == (before + 2 if moment == COMMITTED else before)
    assert shown(sample) == SHOWN[moment]
    made = sample.made["/sample"]
    assert (shown(sample), sample.made["/sample"]) == (SHOWN[moment], made)


def test_what_was_kept_before_and_is_still_true_needs_not_be_made_again(sample: Sample) -> None:
    shown(sample)
    with held(folder_of(sample), COMMITTING, "New") as process:
        assert [shown(sample), shown(sample)] == [OLD, OLD]
        kill(process)
    assert [shown(sample), shown(sample)] == [OLD, OLD]
    assert sample.made["/sample"] == 1


def test_a_writer_after_the_killed_one_announces_what_both_wrote(sample: Sample) -> None:
    shown(sample)
    with held(folder_of(sample), COMMITTED, "New") as process:
        kill(process)
    sample.rename("Newest")
    assert sample.announcer.word.read() & CHANGING == 0
    assert ask(sample.app, "/sample").text.startswith("<h1>Newest</h1>")
    assert sample.is_kept("/sample")


def test_a_store_that_holds_nothing_comes_back_to_itself_too(sample: Sample) -> None:
    with held(folder_of(sample), COMMITTED, "New") as process:
        kill(process)
    assert [shown(sample) for _ in range(3)] == [NEW] * 3
    assert sample.is_kept("/sample")
