"""A Maildir on this machine: new messages are taken one by one, then moved to those that were seen."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from blog.lib.refusing import Refused
from blog.settings.declaring import Setting


def _whole_path(typed: str) -> str:
    value = typed.strip()
    if value and not Path(value).is_absolute():
        raise Refused("Write the whole path of the Maildir, from / on.")
    return value


bounce_maildir = Setting(
    "mail.bounce_maildir", "", "A Maildir on this machine that reports of returned mail come to.", _whole_path
)


def take_new(folder: Path, take: Callable[[bytes], None], *, largest: int) -> None:
    """Hand every new message to `take`, of a larger one `largest` bytes and one more, and move it when it returned.

    Whoever is killed in between finds the message new again. Raises Refused where the folder is no Maildir.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise Refused(f"{folder} is no Maildir: it needs the folders new and cur.")
    for path in _oldest_first(folder / "new"):
        raw = _content(path, largest + 1)
        if raw is None:
            continue
        take(raw)
        with suppress(FileNotFoundError):  # another program may have taken it meanwhile
            path.replace(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")


def _oldest_first(folder: Path) -> Iterator[Path]:
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(FileNotFoundError):
                found.append((entry.stat(follow_symlinks=False).st_mtime_ns, entry.name))
    yield from (folder / name for _, name in sorted(found) if not name.startswith("."))


def _content(path: Path, most: int) -> bytes | None:
    """Return what is in the file, up to so many bytes; None where it is gone, or no file."""
    try:
        # Neither through a link nor into a pipe: others may write into this folder.
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    with os.fdopen(handle, "rb") as file:
        return file.read(most)
