"""The pictures that files need, made ready before anything is written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from blog.lib.refusing import Refused
from blog.media.cleaning import MAX_BYTES
from blog.media.pictures import PreparedPicture, prepare_picture
from blog.media.storing import StoredPicture, described, is_complete, put_aside

from .markdown.folder import read_bytes
from .outcomes import Progress
from .present import Present, Remembered
from .readings import Reading

_AT_ONCE = 2


@dataclass
class Pictures:
    """The pictures of a folder, as far as they can be taken."""

    stored: dict[str, StoredPicture] = field(default_factory=dict)
    """Media name to what its row will say."""
    files: dict[str, Remembered] = field(default_factory=dict)
    """Media name to what is to be remembered of its file."""


def prepare_pictures(
    reading: Reading, present: Present, media: Path, waiting_room: Path | None, progress: Progress
) -> Pictures:
    """Prepare all pictures of a folder that the site does not have yet.

    Files go into the waiting room, if there is one. A picture that cannot be taken refuses those who need it.
    """
    pictures = Pictures()

    def prepare(name: str) -> tuple[StoredPicture | None, Remembered] | Refused:
        try:
            picture, remembered = _prepared(name, reading, present, media)
        except Refused as refused:
            return refused
        # A media folder that cannot be written to is no fault of the picture: it ends the import.
        return _kept(picture, waiting_room), remembered

    names = sorted(reading.pictures)
    with _workers() as pool:
        for number, (name, made) in enumerate(zip(names, pool.map(prepare, names), strict=True), 1):
            progress("preparing pictures", number, len(names))
            if isinstance(made, Refused):
                _refuse(name, str(made), reading)
                continue
            stored, remembered = made
            pictures.files[name] = remembered
            if stored is not None:
                pictures.stored[name] = stored
    return pictures


@contextmanager
def _workers() -> Iterator[ThreadPoolExecutor]:
    """Prepare several pictures at once; whoever is stopped waits for those that were begun, not for all."""
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _kept(picture: PreparedPicture | None, waiting_room: Path | None) -> StoredPicture | None:
    if picture is None:
        return None
    return described(picture) if waiting_room is None else put_aside(picture, waiting_room)


def _prepared(
    name: str, reading: Reading, present: Present, media: Path
) -> tuple[PreparedPicture | None, Remembered]:
    """Return the picture, or None where the site has it already, and what is to be remembered of its file."""
    data = read_bytes(reading.pictures[name], MAX_BYTES)
    raw = sha256(data).hexdigest()
    there = present.media.get(name)
    remembered = present.files.get(reading.picture_paths[name])
    if there is not None and is_complete(there, media):
        fingerprint = {"raw": raw, "digest": there.digest}
        # A picture that was cleaned once is the same after cleaning; no need to try.
        if raw == there.digest or (remembered is not None and remembered.fingerprint == fingerprint):
            return None, Remembered(None, fingerprint)
    picture = prepare_picture(data, name)
    return picture, Remembered(None, {"raw": raw, "digest": picture.digest})


def _refuse(name: str, reason: str, reading: Reading) -> None:
    for path, used in list(reading.uses.items()):
        if name in used and path in reading.items:
            reading.refuse(path, used[name], f"{reading.picture_paths[name]}: {reason}")
