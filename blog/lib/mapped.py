"""One number that all processes of a site have mapped into their memory."""

import mmap
import os
from pathlib import Path

SIZE = mmap.PAGESIZE


class MappedWord:
    """An aligned word of 64 bits in a small file; reading it costs some tens of nanoseconds.

    The file has one size for ever and is never replaced: whoever has it mapped would go on reading the old
    one, and would be killed for reading past the end of a shorter one. A new file holds 0.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_size < SIZE:
                # Real zeros, not a hole: a store into a hole kills the process when the disk is full.
                os.pwrite(handle, bytes(SIZE), 0)
            self._mapped = mmap.mmap(handle, SIZE)
            self._file = _identity(os.fstat(handle))
        finally:
            os.close(handle)
        # Native format: the interpreter moves all eight bytes at once, so nobody reads half a number.
        self.cells = memoryview(self._mapped).cast("Q")
        """The word is `cells[0]`."""

    @property
    def is_in_place(self) -> bool:
        """Tell whether the file is still the one at its path: somebody may have removed it, or put another there."""
        try:
            return _identity(self._path.stat()) == self._file
        except OSError:
            return False

    def read(self) -> int:
        """Return the word."""
        return self.cells[0]

    def write(self, word: int) -> None:
        """Store the word; every process reads it at once."""
        self.cells[0] = word


def _identity(file: os.stat_result) -> tuple[int, int]:
    return file.st_dev, file.st_ino
