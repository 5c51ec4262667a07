"""A picture made ready for the site: the cleaned master, and the sizes that pages choose from."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from blog.media.anatomy import Anatomy
from blog.media.cleaning import dissect_clean
from blog.media.colour import plain
from blog.media.encoding import MAX_WEBP_SIDE, encode_jpeg, encode_png, encode_webp
from blog.media.kinds import ENDINGS, MEDIA_TYPES, Kind

_WIDTHS = (240, 400, 750, 1100, 1600)
# A size must be this much wider than the one before it to be worth a file.
_STEP = 1.15
_WEBP_QUALITY = 70
_JPEG_QUALITY = 80


@dataclass(frozen=True)
class Rendition:
    """One size of a picture in one format; `file` is a name that no other content ever gets."""

    width: int
    height: int
    media_type: str
    file: str
    data: bytes


@dataclass(frozen=True)
class PreparedPicture:
    """A cleaned picture: `name` as it came, `digest` the SHA-256 of `data` in hex."""

    name: str
    digest: str
    width: int
    height: int
    media_type: str
    data: bytes
    renditions: tuple[Rendition, ...]


def prepare_picture(data: bytes, name: str) -> PreparedPicture:
    """Clean a JPEG, PNG or WebP and make its sizes; the same bytes always give the same result.

    `name` is a safe file name ("sleep.jpg") and stays as it is even where its ending is wrong: `media_type`
    tells the truth. Renditions come from narrow to wide, WebP before its fallback: JPEG, or PNG for a picture
    with transparency; one too tall for WebP has the fallback alone. Raises Refused with one clear sentence.
    """
    master = dissect_clean(data, name)
    digest = hashlib.sha256(master.kept).hexdigest()
    base = f"{PurePosixPath(name).stem}.{digest[:10]}"
    media_type = MEDIA_TYPES[master.kind]
    renditions = tuple(_renditions(master, base))
    return PreparedPicture(name, digest, master.width, master.height, media_type, master.kept, renditions)


def _renditions(master: Anatomy, base: str) -> Iterator[Rendition]:
    for picture in reversed(_sizes(master)):
        width, height = picture.size
        for kind in _kinds(picture):
            media_type = MEDIA_TYPES[kind]
            file = f"{base}.{width}w.{ENDINGS[media_type]}"
            yield Rendition(width, height, media_type, file, _encode(picture, kind))


def _sizes(master: Anatomy) -> list[Image.Image]:
    """Return the picture in every size, from wide to narrow, each made from the one before."""
    picture: Image.Image = Image.open(io.BytesIO(master.kept), formats=[master.kind])
    widths = _widths(master.width)
    if isinstance(picture, JpegImageFile):
        # It can be decoded at a half, a quarter or an eighth: never below twice the widest we need.
        picture.draft("RGB", (widths[-1] * 2, 1))
    picture = plain(picture)
    sizes: list[Image.Image] = []
    for width in reversed(widths):
        height = max(1, round(master.height * width / master.width))
        picture = picture.resize((width, height), Image.Resampling.LANCZOS)
        sizes.append(picture)
    return sizes


def _widths(own: int) -> list[int]:
    """Return the widths to make, from narrow to wide: none wider than it, none almost like another."""
    widths = [width for width in _WIDTHS if width <= own]
    if own < _WIDTHS[-1] and (not widths or own > widths[-1] * _STEP):
        widths.append(own)
    return widths


def _kinds(picture: Image.Image) -> list[Kind]:
    fallback: Kind = "PNG" if picture.mode == "RGBA" else "JPEG"
    return [fallback] if picture.height > MAX_WEBP_SIDE else ["WEBP", fallback]


def _encode(picture: Image.Image, kind: Kind) -> bytes:
    if kind == "WEBP":
        return encode_webp(picture, _WEBP_QUALITY)
    if kind == "PNG":
        return encode_png(picture)
    return encode_jpeg(picture, _JPEG_QUALITY)
