"""Pictures without a trace: no camera, place, date, comment or second file inside, only what is seen."""

import io
import struct
import zlib

from PIL import Image, JpegImagePlugin

from blog.lib.refusing import Refused
from blog.media import jpeg, png
from blog.media.anatomy import Anatomy, Unfit, read_orientation
from blog.media.colour import changes_colours, plain, to_srgb
from blog.media.encoding import encode_jpeg, encode_png, encode_webp
from blog.media.recognising import describe
from blog.media.webp import dissect_webp, is_lossless, is_webp

MAX_BYTES = 20 * 1024 * 1024

_QUALITY = 90  # of what is drawn anew: the loss cannot be seen, and it happens once
# How to turn what a camera held otherwise (EXIF orientation) so that it stands upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders raise on broken data.
_BROKEN = (OSError, EOFError, SyntaxError, ValueError, IndexError, TypeError, struct.error, zlib.error)


def clean(data: bytes, name: str) -> bytes:
    """Return the picture with nothing in it but its pixels, upright and in sRGB.

    Cleaning twice is the same as cleaning once, byte for byte. Pixels are compressed anew only where they
    change (turned, other colours, not shown by every browser); otherwise the file is only cut. Accepts JPEG,
    PNG and WebP by their content, whatever the name ends in; raises Refused with one sentence for others.
    """
    return dissect_clean(data, name).kept


def dissect_clean(data: bytes, name: str) -> Anatomy:
    """Clean the picture and return it taken apart, so that its kind and size are known."""
    try:
        _check_length(data, "")
        anatomy = _dissect(data)
        picture = _decode(anatomy)
        if _stands_as_it_is(anatomy, picture):
            return anatomy
        redrawn = _dissect(_redraw(anatomy, picture))
        _check_length(redrawn.kept, " once it is cleaned")
    except Unfit as reason:
        raise Refused(f"{name} {reason}.") from None
    return redrawn


def _check_length(data: bytes, when: str) -> None:
    if len(data) > MAX_BYTES:
        raise Unfit(f"is larger than {MAX_BYTES // 1024**2} MB{when}; make it smaller")


def _dissect(data: bytes) -> Anatomy:
    """Take the file apart by what it is, not by what it is called."""
    if data.startswith(jpeg.START):
        return jpeg.dissect_jpeg(data)
    if data.startswith(png.START):
        return png.dissect_png(data)
    if is_webp(data):
        return dissect_webp(data)
    if not data:
        raise Unfit("is empty")
    known = describe(data)
    raise Unfit(f"is {known or 'not a picture'}; use a JPEG, PNG or WebP")


def _decode(anatomy: Anatomy) -> Image.Image:
    """Decode every pixel of what is kept; what was cut out never reaches the decoder."""
    try:
        picture = Image.open(io.BytesIO(anatomy.kept), formats=[anatomy.kind])
        picture.load()
    except _BROKEN:
        raise Unfit("is damaged: its pixels cannot be read") from None
    return picture


def _stands_as_it_is(anatomy: Anatomy, picture: Image.Image) -> bool:
    if anatomy.redraw or read_orientation(anatomy.exif) != 1:
        return False
    return not anatomy.profile or not changes_colours(anatomy.profile, plain(picture).mode)


def _redraw(anatomy: Anatomy, picture: Image.Image) -> bytes:
    upright = to_srgb(plain(picture), anatomy.profile)
    turn = _TURNS.get(read_orientation(anatomy.exif))
    if turn is not None:
        upright = upright.transpose(turn)
    if anatomy.kind == "JPEG":
        return encode_jpeg(upright, _QUALITY, JpegImagePlugin.get_sampling(picture))
    if anatomy.kind == "PNG":
        return encode_png(upright)
    return encode_webp(upright, _QUALITY, lossless=is_lossless(anatomy.kept))
