"""The mapped word: one number for all processes, whole at every moment, in a file that stays what it is."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blog.lib.mapped import SIZE, MappedWord

ALL_BITS = 2**64 - 1
HANGING = 60

ALTERNATING = """
import sys
from pathlib import Path
from blog.lib.mapped import MappedWord
word = MappedWord(Path(sys.argv[1]))
print("ready", flush=True)
while True:
    word.write(0)
    word.write(2**64 - 1)
"""
FORKED = """
import os, sys
from pathlib import Path
from blog.lib.mapped import MappedWord
word = MappedWord(Path(sys.argv[1]))
child = os.fork()
if child == 0:
    word.write(word.read() + 1)
    os._exit(0)
os.waitpid(child, 0)
print(word.read())
"""


@contextmanager
def alternating(path: Path) -> Iterator[None]:
    """Let another process write nothing but all bits and none, as fast as it can."""
    arguments = [sys.executable, "-c", ALTERNATING, str(path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield
        finally:
            process.kill()


def test_a_new_file_holds_nothing_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "word"
    before = os.umask(0)
    try:
        assert MappedWord(path).read() == 0
    finally:
        os.umask(before)
    assert (path.stat().st_size, path.stat().st_mode & 0o777) == (SIZE, 0o600)
    assert path.read_bytes() == bytes(SIZE)


@pytest.mark.parametrize("number", [1, 2**31, 2**62 + 1, 2**63, ALL_BITS])
def test_whoever_maps_the_same_file_reads_what_another_wrote(tmp_path: Path, number: int) -> None:
    one, other = MappedWord(tmp_path / "word"), MappedWord(tmp_path / "word")
    one.write(number)
    assert (other.read(), other.cells[0], MappedWord(tmp_path / "word").read()) == (number, number, number)


def test_nobody_reads_half_a_number(tmp_path: Path) -> None:
    word = MappedWord(tmp_path / "word")
    with alternating(tmp_path / "word"), alternating(tmp_path / "word"):
        seen: set[int] = set()
        deadline = time.monotonic() + HANGING
        while len(seen) < 2 and time.monotonic() < deadline:
            seen.update(word.cells[0] for _ in range(200_000))
    assert seen == {0, ALL_BITS}


def test_the_file_is_never_replaced_nor_made_longer_or_shorter(tmp_path: Path) -> None:
    path = tmp_path / "word"
    first = MappedWord(path)
    born = path.stat()
    for number in range(5):
        MappedWord(path).write(number)
        assert first.read() == number
    assert (path.stat().st_ino, path.stat().st_size) == (born.st_ino, SIZE)


@pytest.mark.parametrize("content", [b"", b"\x07", b"damaged by somebody", b"\xff" * (SIZE - 1)])
def test_a_file_that_is_too_short_grows_and_holds_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "word"
    path.write_bytes(content)
    inode = path.stat().st_ino
    word = MappedWord(path)
    assert (word.read(), path.stat().st_size, path.stat().st_ino) == (0, SIZE, inode)
    word.write(ALL_BITS)
    assert path.read_bytes()[:8] == b"\xff" * 8


def test_a_longer_file_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "word"
    path.write_bytes((9).to_bytes(8, sys.byteorder) + b"x" * SIZE)
    assert (MappedWord(path).read(), path.stat().st_size) == (9, SIZE + 8)


def test_it_lives_on_in_a_forked_process(tmp_path: Path) -> None:
    MappedWord(tmp_path / "word").write(41)
    done = subprocess.run(
        [sys.executable, "-c", FORKED, str(tmp_path / "word")],
        capture_output=True,
        text=True,
        timeout=HANGING,
        check=True,
    )
    assert (done.stdout, MappedWord(tmp_path / "word").read()) == ("42\n", 42)


def test_where_it_cannot_be_made_the_system_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MappedWord(tmp_path / "missing" / "word")
    with pytest.raises(IsADirectoryError):
        MappedWord(tmp_path)
