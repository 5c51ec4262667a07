"""Pictures reach the media folder whole, or not at all."""

import io
import os
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select

from blog.lib.clock import now
from blog.lib.db import db, write
from blog.media.kinds import master_file
from blog.media.models import Media
from blog.media.pictures import prepare_picture
from blog.media.storing import (
    close_waiting_room,
    described,
    files_of,
    is_complete,
    keep_picture,
    make_waiting_room,
    move_in,
    put_aside,
)


def picture(color: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (900, 20), color).save(file, "JPEG")
    return file.getvalue()


def test_a_picture_waits_until_all_is_known_to_be_good(tmp_path: Path) -> None:
    media = tmp_path / "media"
    room = make_waiting_room(media)
    stored = put_aside(prepare_picture(picture(), "sleep.jpg"), room)
    assert not is_complete(stored, media)
    move_in(room, media)
    close_waiting_room(room)
    assert is_complete(stored, media)
    assert sorted(path.name for path in media.iterdir()) == sorted(files_of(stored))


def test_the_master_is_kept_under_its_digest(tmp_path: Path) -> None:
    prepared = prepare_picture(picture(), "sleep.jpg")
    room = make_waiting_room(tmp_path)
    put_aside(prepared, room)
    assert (room / f"{prepared.digest}.jpg").read_bytes() == prepared.data
    assert master_file("abc", "image/webp") == "abc.webp"


def test_what_a_killed_import_left_is_swept_a_day_later(tmp_path: Path) -> None:
    old, young = make_waiting_room(tmp_path), make_waiting_room(tmp_path)
    long_ago = now().timestamp() - 2 * 24 * 60 * 60
    os.utime(old, (long_ago, long_ago))
    make_waiting_room(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_picture_of_the_same_name_takes_the_place_of_the_old_one(app: Flask) -> None:
    first, second = (described(prepare_picture(picture(color), "sleep.jpg")) for color in ("teal", "gold"))
    for stored in (first, second):
        with write():
            keep_picture(stored)
    row = db.session.scalars(select(Media)).one()
    assert (row.name, row.digest, row.width, row.height) == ("sleep.jpg", second.digest, 900, 20)
    assert first.digest != second.digest
    assert files_of(row) == files_of(second)
