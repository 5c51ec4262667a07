"""What a picture file is made of, as far as that can be told before a decoder touches it."""

import struct
from dataclasses import dataclass

from blog.media.kinds import Kind

MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500  # what a JPEG can hold

_ORIENTATION_TAG = 0x0112
_SHORT = 3


class Unfit(Exception):  # noqa: N818 (like Refused, it reads as what it says)
    """Why a file cannot be kept, as the end of a sentence that begins with the file's name."""


@dataclass(frozen=True)
class Anatomy:
    """A picture file taken apart.

    `kept` is the same file with nothing in it but what makes the pixels; `exif` and `profile` (ICC) are what
    was cut out and may still change how the pixels are shown; `redraw` says that `kept` has to be drawn anew
    because not every browser shows it, or because something hides in the part that makes the pixels.
    """

    kind: Kind
    width: int
    height: int
    kept: bytes
    exif: bytes = b""
    profile: bytes = b""
    redraw: bool = False


def check_size(width: int, height: int) -> None:
    """Raise Unfit when the picture is empty, or would fill the memory once decoded."""
    if width < 1 or height < 1:
        raise Unfit("is damaged: it says that it is 0 pixels wide or high")
    size = f"has {width} × {height} pixels"
    if width * height > MAX_PIXELS:
        raise Unfit(f"{size}, more than {MAX_PIXELS // 1_000_000} million; make it smaller")
    if max(width, height) > MAX_SIDE:
        raise Unfit(f"{size}, and no side may be longer than {MAX_SIDE}; make it smaller")


def read_orientation(exif: bytes) -> int:
    """Return how the camera was held, 1 (upright) to 8 as in EXIF; 1 when it does not say."""
    tiff = exif.removeprefix(b"Exif\x00\x00")
    order = {b"II*\x00": "<", b"MM\x00*": ">"}.get(tiff[:4])
    if order is None:
        return 1
    try:
        (first,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, first)
        for place in range(first + 2, first + 2 + 12 * count, 12):
            tag, form, number, value = struct.unpack_from(order + "HHIH", tiff, place)
            if (tag, form, number) == (_ORIENTATION_TAG, _SHORT, 1):
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass  # a directory that points out of the file: as good as none
    return 1
