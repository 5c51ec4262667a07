"""Mail as files: for a site without a mail server, for trying out, and for tests."""

import os
import re
from contextlib import suppress
from pathlib import Path

from blog.lib.clock import timestamp

from .envelope import Envelope
from .outcomes import Later, Outcome, Sent

_ABANDONED_SECONDS = 3_600
"""After so long a half-written file is of a process that died over it."""


class Folder:
    """Carries messages into a folder, each as one `.eml` file named by its Message-ID: twice the same is one file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._offered: tuple[Envelope, bytes] | None = None

    def greet(self) -> Later | None:
        """Make the folder where it is missing; return why that failed, else None."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for path in self._folder.glob(".*.part"):
                with suppress(FileNotFoundError):
                    if timestamp() - path.stat().st_mtime > _ABANDONED_SECONDS:
                        path.unlink()
        except OSError as error:
            return self._later(error)
        return None

    def offer(self, envelope: Envelope, message: bytes) -> Later | None:
        """Hold the message, which is written when it is finished; return why not, else None."""
        self._offered = None
        refused = None if self._folder.is_dir() else self.greet()
        if refused is None:
            self._offered = envelope, message
        return refused

    def finish(self) -> Outcome:
        """Write the file, whole or not at all."""
        if self._offered is None:
            raise RuntimeError("Nothing was offered that could be finished.")
        (envelope, message), self._offered = self._offered, None
        name = re.sub(r"[^A-Za-z0-9@._-]", "", envelope.message_id).lstrip(".")[:200]
        try:
            self._write(f"{name}.eml", message)
        except OSError as error:
            return self._later(error)
        return Sent(f"written to {name}.eml"[:300].replace("@", " at "))

    def abandon(self) -> None:
        """Forget what was offered."""
        self._offered = None

    def close(self) -> None:
        """Forget what was offered."""
        self._offered = None

    def _write(self, name: str, message: bytes) -> None:
        fresh = self._folder / f".{name}.part"
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / name)
        folder = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _later(self, error: OSError) -> Later:
        return Later(f"The folder for mail cannot be written: {error.strerror}.", everyone=True)
