"""Pictures on their way into the media folder, and the rows that know them."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db
from blog.lib.refusing import Refused

from .kinds import master_file
from .models import Media
from .pictures import PreparedPicture


@dataclass(frozen=True)
class StoredPicture:
    """What a row of `media` says about a picture; its bytes are in files."""

    name: str
    digest: str
    media_type: str
    width: int
    height: int
    renditions: tuple[dict[str, int | str], ...]


def files_of(picture: StoredPicture | Media) -> list[str]:
    """Return the names of all files that a picture needs in the media folder."""
    sizes = [str(rendition["file"]) for rendition in picture.renditions]
    return [master_file(picture.digest, picture.media_type), *sizes]


@contextmanager
def _writing_to(media: Path) -> Iterator[None]:
    """Say in one sentence that the media folder cannot be written to: the disk is full, the folder not ours."""
    try:
        yield
    except OSError as error:
        raise Refused(f"The pictures cannot be written to {media} ({error.strerror}).") from None


def make_waiting_room(media: Path) -> Path:
    """Make a folder beside the pictures where new ones wait until the whole is known to be good.

    Like all that writes here, it raises Refused where the media folder cannot be written to.
    """
    with _writing_to(media):
        media.mkdir(parents=True, exist_ok=True)
        clear_waiting_rooms(media)
        return Path(tempfile.mkdtemp(prefix=".incoming-", dir=media))


def clear_waiting_rooms(media: Path) -> None:
    """Remove what is older than a day: the import that it waited for was killed."""
    yesterday = now().timestamp() - 24 * 60 * 60
    for left_behind in media.glob(".incoming-*"):
        if left_behind.stat().st_mtime < yesterday:
            close_waiting_room(left_behind)


def put_aside(picture: PreparedPicture, waiting_room: Path) -> StoredPicture:
    """Write the picture's files, flushed to the disk, and return what its row will say."""
    stored = described(picture)
    contents = [picture.data, *(rendition.data for rendition in picture.renditions)]
    with _writing_to(waiting_room.parent):
        for name, data in zip(files_of(stored), contents, strict=True):
            with (waiting_room / name).open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
    return stored


def described(picture: PreparedPicture) -> StoredPicture:
    """Return what the row of a prepared picture says."""
    renditions: tuple[dict[str, int | str], ...] = tuple(
        {"width": made.width, "height": made.height, "media_type": made.media_type, "file": made.file}
        for made in picture.renditions
    )
    return StoredPicture(
        picture.name, picture.digest, picture.media_type, picture.width, picture.height, renditions
    )


def move_in(waiting_room: Path, media: Path) -> None:
    """Give the waiting files their places.

    Their names come from their content: a file that is already there is the same, and one whose row
    never comes does no harm.
    """
    with _writing_to(media):
        for path in sorted(waiting_room.iterdir()):
            path.replace(media / path.name)
        handle = os.open(media, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def close_waiting_room(waiting_room: Path) -> None:
    """Remove the waiting room and whatever is still in it."""
    shutil.rmtree(waiting_room, ignore_errors=True)


def is_complete(picture: StoredPicture | Media, media: Path) -> bool:
    """Tell whether all files of a picture are in the media folder."""
    return all((media / name).is_file() for name in files_of(picture))


def keep_picture(picture: StoredPicture) -> Media:
    """Put the picture's row in place: a new one, or the one of the same name with the new picture."""
    row = db.session.scalar(select(Media).where(Media.name == picture.name))
    if row is None:
        row = Media(name=picture.name)
        db.session.add(row)
    row.digest, row.media_type = picture.digest, picture.media_type
    row.width, row.height = picture.width, picture.height
    row.renditions = [dict(rendition) for rendition in picture.renditions]
    return row
