"""What cannot be kept as a picture is refused with its reason; what hides in one is left behind."""

import io
import struct
import zlib

import pytest
from PIL import Image

from blog.lib.refusing import Refused
from blog.media.cleaning import MAX_BYTES, clean


def encode(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((60, 40)).save(out, kind, **options)
    return out.getvalue()


def decode(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


def png(width: int, height: int, stream: bytes, *more: bytes) -> bytes:
    """Return an 8-bit grey PNG with this compressed stream, whatever it holds."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + chunk(b"IDAT", stream) + chunk(b"IEND", b"")


@pytest.mark.parametrize("hidden", [b"", b"\x00" * 1000])
def test_what_hides_behind_the_pixels_of_a_png_goes(hidden: bytes) -> None:
    lines = b"\x00\x01\x02\x03" * 3
    dirty = png(3, 3, zlib.compress(lines + hidden) + b"HIDDEN")
    result = clean(dirty, "hidden.png")
    assert b"HIDDEN" not in result
    assert decode(result) == b"\x01\x02\x03" * 3
    assert len(result) < 100


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty."),
        (b"hello", "is not a picture; use a JPEG, PNG or WebP."),
        (b"GIF89a" + b"\x00" * 20 + b"\xff\xd8\xff", "is a GIF picture; use a JPEG, PNG or WebP."),
        (b"BM" + b"\x00" * 60, "is a BMP picture; use a JPEG, PNG or WebP."),
        (b"II*\x00" + b"\x00" * 60, "is a TIFF picture; use a JPEG, PNG or WebP."),
        (b"%PDF-1.7", "is a PDF document; use a JPEG, PNG or WebP."),
        (b"PK\x03\x04", "is a ZIP archive or an office document; use a JPEG, PNG or WebP."),
        (b"\x00\x00\x00\x18ftypheic", "is a HEIC picture; use a JPEG, PNG or WebP."),
        (b"\x00\x00\x00\x18ftypavif", "is an AVIF picture; use a JPEG, PNG or WebP."),
        (b"\x00\x00\x00\x18ftypisom", "is a video; use a JPEG, PNG or WebP."),
        (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "is an SVG drawing; use a JPEG, PNG or WebP."),
        (b"<!DOCTYPE html><script>", "is a web page; use a JPEG, PNG or WebP."),
        (b"\xff" * (MAX_BYTES + 1), "is larger than 20 MB; make it smaller."),
        (png(60_000, 60_000, b"x"), "has 60000 × 60000 pixels, more than 40 million; make it smaller."),
        (
            png(70_000, 1, b"x"),
            "has 70000 × 1 pixels, and no side may be longer than 65500; make it smaller.",
        ),
        (png(0, 5, b"x"), "is damaged: it says that it is 0 pixels wide or high."),
        (png(2, 2, b"nonsense"), "is damaged and cannot be read as a PNG."),
        (png(2, 2, zlib.compress(b"\x00" * 5)), "is cut off: the file ends before the picture does."),
        (encode("JPEG")[:-2], "is cut off: the file ends before the picture does."),
        (b"\xff\xd8\xff\xd9", "is damaged and cannot be read as a JPEG."),
        (b"\xff\xd8<script>", "is damaged and cannot be read as a JPEG."),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Refused) as refusal:
        clean(data, "cover.jpg")
    assert str(refusal.value) == f"cover.jpg {reason}"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused(kind: str) -> None:
    moving = encode(kind, save_all=True, append_images=[Image.new("L", (60, 40))])
    with pytest.raises(Refused, match=r"^moving is animated, and only still pictures can be kept\.$"):
        clean(moving, "moving")


def test_a_jpeg_that_claims_to_be_huge_is_refused_before_it_is_decoded() -> None:
    tidy = encode("JPEG")
    huge = tidy.replace(struct.pack(">HH", 40, 60), struct.pack(">HH", 50_000, 50_000), 1)
    with pytest.raises(
        Refused, match=r"^huge has 50000 × 50000 pixels, more than 40 million; make it smaller\.$"
    ):
        clean(huge, "huge")


def test_a_jpeg_that_draws_itself_over_and_over_is_refused() -> None:
    tidy = encode("JPEG", progressive=True)
    scan = tidy.rindex(b"\xff\xda")
    with pytest.raises(Refused, match=r"^busy is damaged and cannot be read as a JPEG\.$"):
        clean(tidy[:scan] + tidy[scan:-2] * 1000 + b"\xff\xd9", "busy")


def test_a_small_file_that_unpacks_to_a_large_one_is_cleaned_without_unpacking_it() -> None:
    bomb = png(3, 3, zlib.compress(bytes(100_000_000), 9))
    assert decode(clean(bomb, "bomb.png")) == bytes(9)
