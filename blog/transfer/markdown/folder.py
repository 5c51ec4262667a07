"""A content folder on the disk: which files it holds, and their bytes, never from outside it."""

import os
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blog.lib.refusing import Refused
from blog.transfer.items import KINDS
from blog.transfer.outcomes import Refusal

IMAGES = "images"
MAX_TEXT_BYTES = 2 * 1024 * 1024


@dataclass
class Listing:
    """What a content folder holds: paths inside it, in NFC and with slashes, and where each file is."""

    root: Path
    texts: dict[str, Path] = field(default_factory=dict)
    pictures: dict[str, Path] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)

    def refuse(self, path: str, reason: str) -> None:
        """Refuse what stands at a path."""
        self.refusals.append(Refusal(path, 1, reason))


def list_folder(folder: Path) -> Listing:
    """List a content folder; raises Refused where it is none."""
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}.")
    listing = Listing(folder.resolve())
    for entry in _entries(folder):
        name = _readable(entry.name)
        is_folder = _is_folder(entry, name, listing)
        if is_folder and name in (*KINDS, IMAGES):
            if _is_inside(name, Path(entry.path), listing):
                _list_inner(name, Path(entry.path), listing)
        elif is_folder is not None:
            listing.ignored.append(name + "/" * entry.is_dir(follow_symlinks=False))
    if not any((folder / kind).is_dir() for kind in KINDS):
        raise Refused(
            f"{folder} is no content folder: it holds none of {', '.join(f'{kind}/' for kind in KINDS)}."
        )
    return listing


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _list_inner(path: str, folder: Path, listing: Listing) -> None:
    """List a folder inside; one that cannot be read is refused as a whole."""
    try:
        entries = _entries(folder)
    except OSError as error:
        listing.refuse(path, f"The folder cannot be read ({error.strerror}).")
        return
    if path in KINDS:
        _list_texts(path, entries, listing)
    else:
        _list_pictures(path, entries, listing)


def _is_folder(entry: os.DirEntry[str], path: str, listing: Listing) -> bool | None:
    """Tell whether this is a folder or a link to one; None where nobody can tell, and it was refused."""
    try:
        return entry.is_dir()
    except OSError as error:  # a link that leads to itself, by whatever way
        listing.refuse(path, f"This cannot be read ({error.strerror}).")
        return None


def _readable(name: str) -> str:
    """Return a file's name as text, also where its bytes are none."""
    return unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "replace"))


def _inner(parent: str, name: str) -> str:
    return f"{parent}/{_readable(name)}"


def _list_texts(kind: str, entries: list[os.DirEntry[str]], listing: Listing) -> None:
    for entry in entries:
        path = _inner(kind, entry.name)
        is_folder = _is_folder(entry, path, listing)
        if is_folder is None:
            continue
        if is_folder or entry.name.startswith(".") or not entry.name.endswith(".md"):
            listing.ignored.append(path + "/" * is_folder)
        else:
            _take(path, Path(entry.path), listing.texts, listing)


def _list_pictures(parent: str, entries: list[os.DirEntry[str]], listing: Listing) -> None:
    for entry in entries:
        path = _inner(parent, entry.name)
        if entry.name.startswith("."):
            listing.ignored.append(path)
        elif entry.is_dir(follow_symlinks=False):
            _list_inner(path, Path(entry.path), listing)
        elif _is_folder(entry, path, listing) is not None:
            _take(path, Path(entry.path), listing.pictures, listing)


def _take(path: str, file: Path, files: dict[str, Path], listing: Listing) -> None:
    if path in files:
        listing.refuse(path, "There are two files of this name; rename one.")
    elif _is_inside(path, file, listing):
        files[path] = file


def _is_inside(path: str, file: Path, listing: Listing) -> bool:
    if file.is_symlink() and not Path(os.path.realpath(file)).is_relative_to(listing.root):
        listing.refuse(path, "This is a link to something outside the folder.")
        return False
    return True


def read_bytes(file: Path, most: int) -> bytes:
    """Read a file of at most so many bytes; raises Refused for a larger one without reading it."""
    too_large = Refused(f"The file is larger than {most // 1024**2} MB.")
    try:
        # A pipe would keep us waiting for ever.
        with os.fdopen(os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as opened:
            known = os.fstat(opened.fileno())
            if not stat.S_ISREG(known.st_mode):
                raise Refused("This is not a file with content.")
            if known.st_size > most:
                raise too_large
            data = opened.read(most + 1)
    except OSError as error:
        raise Refused(f"The file cannot be read ({error.strerror}).") from None
    if len(data) > most:
        raise too_large
    return data


def texts_of(listing: Listing, kind: str) -> Iterator[tuple[str, Path]]:
    """Return the Markdown files of one kind, by path."""
    for path, file in listing.texts.items():
        if path.startswith(f"{kind}/"):
            yield path, file
