"""All content written as a folder that an import brings back exactly."""

import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from flask import current_app

from blog.lib.db import db
from blog.lib.refusing import Refused
from blog.media.kinds import master_file

from .fetching import fetch, present_of
from .items import KINDS
from .markdown.documents import documents_of
from .markdown.folder import IMAGES
from .outcomes import Progress, quiet
from .present import Present


def export_folder(
    folder: Path, *, overwrite: bool = False, dry_run: bool = False, progress: Progress = quiet
) -> dict[str, int]:
    """Write all content into a folder and return how many files of each kind that were.

    The folder must be absent or empty. With `overwrite`, what is in its articles/, pages/, people/,
    questions/ and images/ is replaced and everything else in it left alone. A dry run looks at all of it
    and writes nothing.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file, not a folder.")
    if not overwrite and folder.is_dir() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; --overwrite replaces the content in it.")
    rows = fetch()
    db.session.rollback()  # while one reads, the database's log cannot be folded back
    present = present_of(rows)
    documents, pictures = documents_of(present), _pictures(present)
    if not dry_run:
        _write(documents, pictures, folder, progress)
    counted = Counter(path.split("/")[0] for path in documents)
    return {kind: counted[kind] for kind in KINDS} | {IMAGES: len(pictures)}


def _pictures(present: Present) -> dict[str, Path]:
    """Return path in the folder and present place of every picture; raises Refused where one is missing."""
    media = Path(current_app.config["MEDIA"])
    pictures = {}
    for name, picture in present.media.items():
        master = media / master_file(picture.digest, picture.media_type)
        if not master.is_file():
            raise Refused(f"The picture {name} is missing: there is no file {master}.")
        pictures[f"{IMAGES}/{name}"] = master
    return pictures


def _write(documents: dict[str, str], pictures: dict[str, Path], folder: Path, progress: Progress) -> None:
    """Write the files beside the folder, and put them in place when all are there."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            _write_all(documents, pictures, beside / "new", progress)
            _put_in_place(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
    except OSError as error:
        raise Refused(f"The content cannot be written to {folder} ({error.strerror}).") from None


def _write_all(
    documents: dict[str, str], pictures: dict[str, Path], folder: Path, progress: Progress
) -> None:
    for name in (*KINDS, IMAGES):
        (folder / name).mkdir(parents=True)
    for number, (path, text) in enumerate(documents.items(), 1):
        (folder / path).write_text(text, "utf-8", newline="\n")
        progress("writing files", number, len(documents))
    for number, (path, master) in enumerate(pictures.items(), 1):
        _copy(master, folder / path)
        progress("copying pictures", number, len(pictures))


def _copy(master: Path, target: Path) -> None:
    with master.open("rb") as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())


def _put_in_place(beside: Path, folder: Path) -> None:
    new, old = beside / "new", beside / "old"
    if not folder.exists() or not any(folder.iterdir()):
        new.replace(folder)
        return
    old.mkdir()
    for name in (*KINDS, IMAGES):
        if (folder / name).exists():
            (folder / name).rename(old / name)
        if (new / name).exists():
            (new / name).rename(folder / name)
